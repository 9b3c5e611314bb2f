"""Evaluates every alarm every second and changes the state of those whose metrics require it."""

import sys
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from moto.cloudwatch.models import Alarm, cloudwatch_backends

from local_aws.cloudwatch.alarm_rules import EXTRA_PERIODS, evaluate
from local_aws.cloudwatch.alarm_words import state_reason, state_reason_data
from local_aws.cloudwatch.metric_math import TimeRange
from local_aws.cloudwatch.metrics import MetricStore, Points, floor_to
from local_aws.cloudwatch.queries import run
from local_aws.cloudwatch.service import CloudWatch
from local_aws.cloudwatch.watch import UnsupportedAlarmError, Watch

TICK_S = 1.0
STOP_LIMIT_S = 5.0


def installed_backends() -> list[CloudWatch]:
    """Return the CloudWatch of each account and region in use."""
    return [
        backend
        for account in list(cloudwatch_backends.values())
        for backend in list(account.values())
    ]


class AlarmEvaluator:
    """Evaluates metric alarms as CloudWatch does, but every second, by a clock that tests can set.

    Periods, missing data, percentiles and metric math work as in AWS. CloudWatch evaluates an alarm once a minute
    (every ten seconds for a period under a minute), some time after the data arrived. Here the current period counts as
    soon as it has a datapoint, so an error shows within two seconds, and so does a low sum. Recovery takes whole
    periods, as in AWS. Alarms on anomaly detection bands and composite alarms are not evaluated.
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
        self._reported: set[str] = set()

    def start(self) -> None:
        """Start evaluating."""
        self._thread.start()

    def stop(self) -> None:
        """Stop; waits only briefly for the current evaluation: a subscriber may be a function that runs for minutes."""
        self._closed.set()
        self._thread.join(STOP_LIMIT_S)

    def evaluate(self) -> None:
        """Evaluate every alarm once."""
        for backend in self._backends():
            for alarm in list(backend.alarms.values()):
                if alarm.rule is None:
                    self._evaluate_or_report(backend, alarm)

    def _run(self) -> None:
        while not self._closed.wait(TICK_S):
            self.evaluate()

    def _evaluate_or_report(self, backend: CloudWatch, alarm: Alarm) -> None:
        try:
            _evaluate(backend, alarm, self._clock())
        # An error in one alarm must not stop the others.
        except Exception as error:
            problem = f"local: cannot evaluate the alarm {alarm.name}: {error}"
            if problem not in self._reported:
                self._reported.add(problem)
                print(problem, file=sys.stderr)


def _evaluate(backend: CloudWatch, alarm: Alarm, now: float) -> None:
    watch = Watch.of(alarm)
    periods = _evaluation_range(backend.metrics, watch, int(now))
    if watch.least_samples and _samples(backend.metrics, watch, periods) < watch.least_samples:
        return
    evaluation = evaluate(watch.rule, periods, _points(backend.metrics, watch, periods))
    replaced = backend.alarms.get(alarm.name) is not alarm
    if replaced or evaluation.state in (None, alarm.state_value):
        return
    backend.set_alarm_state(
        alarm.name,
        state_reason(watch.rule, evaluation),
        state_reason_data(watch, evaluation, datetime.fromtimestamp(now, UTC)),
        evaluation.state,
    )


def _evaluation_range(metrics: MetricStore, watch: Watch, now: int) -> range:
    """Return the starts of the periods to evaluate; the current period is included if it has a datapoint."""
    current = floor_to(now, watch.period)
    has_current = any(
        metrics.samples(query.metric, watch.period, current, current + watch.period, query.unit)
        for query in watch.statistics()
    )
    end = current + watch.period if has_current else current
    length = watch.rule.evaluation_periods + EXTRA_PERIODS
    return range(end - length * watch.period, end, watch.period)


def _points(metrics: MetricStore, watch: Watch, periods: range) -> Points:
    results = run(metrics, watch.queries, TimeRange(periods.start, periods.stop))
    series = [one for result in results.values() for one in result]
    if len(series) != 1:
        raise UnsupportedAlarmError(
            f"its metrics return {len(series)} time series; an alarm needs exactly one."
        )
    return series[0].points


def _samples(metrics: MetricStore, watch: Watch, periods: range) -> float:
    """Return the number of samples in the evaluated periods."""
    evaluated = periods[-watch.rule.evaluation_periods :]
    by_query = [
        metrics.samples(query.metric, watch.period, evaluated.start, evaluated.stop, query.unit)
        for query in watch.statistics()
    ]
    return sum(samples.count for by_period in by_query for samples in by_period.values())
