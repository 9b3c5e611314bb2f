"""Looks at every alarm, every second, and moves those whose metrics say so."""

import sys
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from moto.cloudwatch.models import Alarm, cloudwatch_backends

from local_aws.cloudwatch.alarm_rules import EXTRA_PERIODS, judge
from local_aws.cloudwatch.alarm_words import state_reason, state_reason_data
from local_aws.cloudwatch.metric_math import TimeRange
from local_aws.cloudwatch.metrics import MetricStore, Points, floor_to
from local_aws.cloudwatch.queries import run
from local_aws.cloudwatch.service import CloudWatch
from local_aws.cloudwatch.watch import UnsupportedAlarmError, Watch

TICK_S = 1.0
STOP_LIMIT_S = 5.0


def installed_backends() -> list[CloudWatch]:
    """Return the CloudWatch of each account and region that anybody has used."""
    return [
        backend
        for account in list(cloudwatch_backends.values())
        for backend in list(account.values())
    ]


class AlarmEvaluator:
    """Evaluates metric alarms as CloudWatch does, but every second, by a clock that tests can move.

    Periods, missing data, percentiles and metric math are real. CloudWatch evaluates an alarm once a minute (every ten
    seconds for a period under a minute), some time after the data came in; here the period under way counts as soon as
    it holds a datapoint, so a fault shows within two seconds, and so does a sum that is still low. The way back takes
    real periods, here as there. Alarms on anomaly detection bands and composite alarms stay as they are.
    """

    def __init__(
        self,
        backends: Callable[[], Iterable[CloudWatch]] = installed_backends,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._backends = backends
        self._clock = clock
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="alarms", daemon=True)
        self._told: set[str] = set()

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End; waits for a look under way, but not for long: a subscriber may be a function that runs for minutes."""
        self._closed.set()
        self._thread.join(STOP_LIMIT_S)

    def evaluate(self) -> None:
        """Look at every alarm once."""
        for backend in self._backends():
            for alarm in list(backend.alarms.values()):
                if alarm.rule is None:
                    self._evaluate_or_tell(backend, alarm)

    def _run(self) -> None:
        while not self._closed.wait(TICK_S):
            self.evaluate()

    def _evaluate_or_tell(self, backend: CloudWatch, alarm: Alarm) -> None:
        try:
            _evaluate(backend, alarm, self._clock())
        except Exception as error:  # whatever one alarm holds must not silence the others
            problem = f"local: the alarm {alarm.name} is not evaluated: {error}"
            if problem not in self._told:
                self._told.add(problem)
                print(problem, file=sys.stderr)


def _evaluate(backend: CloudWatch, alarm: Alarm, now: float) -> None:
    watch = Watch.of(alarm)
    periods = _evaluation_range(backend.metrics, watch, int(now))
    if watch.least_samples and _samples(backend.metrics, watch, periods) < watch.least_samples:
        return
    judgement = judge(watch.rule, periods, _points(backend.metrics, watch, periods))
    replaced = backend.alarms.get(alarm.name) is not alarm
    if replaced or judgement.state in (None, alarm.state_value):
        return
    backend.set_alarm_state(
        alarm.name,
        state_reason(watch.rule, judgement),
        state_reason_data(watch, judgement, datetime.fromtimestamp(now, UTC)),
        judgement.state,
    )


def _evaluation_range(metrics: MetricStore, watch: Watch, now: int) -> range:
    """Return the starts of the periods to look at; the one under way is the last if there is a datapoint in it."""
    current = floor_to(now, watch.period)
    under_way = any(
        metrics.samples(query.metric, watch.period, current, current + watch.period, query.unit)
        for query in watch.statistics()
    )
    end = current + watch.period if under_way else current
    length = watch.rule.evaluation_periods + EXTRA_PERIODS
    return range(end - length * watch.period, end, watch.period)


def _points(metrics: MetricStore, watch: Watch, periods: range) -> Points:
    results = run(metrics, watch.queries, TimeRange(periods.start, periods.stop))
    series = [one for result in results.values() for one in result]
    if len(series) != 1:
        raise UnsupportedAlarmError(
            f"it watches {len(series)} time series; an alarm can watch one."
        )
    return series[0].points


def _samples(metrics: MetricStore, watch: Watch, periods: range) -> float:
    """Return how many samples the evaluated periods hold."""
    evaluated = periods[-watch.rule.evaluation_periods :]
    found = [
        metrics.samples(query.metric, watch.period, evaluated.start, evaluated.stop, query.unit)
        for query in watch.statistics()
    ]
    return sum(samples.count for by_period in found for samples in by_period.values())
