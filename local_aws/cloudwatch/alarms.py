"""Evaluates every alarm every second and changes the state of those whose metrics require it."""

import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from moto.cloudwatch.models import Alarm, cloudwatch_backends

from local_aws.cloudwatch.alarm_reason import state_reason, state_reason_data
from local_aws.cloudwatch.alarm_rules import EXTRA_PERIODS, evaluate
from local_aws.cloudwatch.composite_alarms import evaluate_composite
from local_aws.cloudwatch.metrics import MINUTE_S, MetricStore, Points
from local_aws.cloudwatch.queries import run, samples_of
from local_aws.cloudwatch.service import CloudWatch
from local_aws.cloudwatch.time_ranges import TimeRange, floor_to
from local_aws.cloudwatch.watch import UnsupportedAlarmError, Watch
from local_aws.moto_backends import backends_in_use
from local_aws.reports import report

Result = TypeVar("Result")

TICK_S = 1.0
STOP_LIMIT_S = 5.0


def installed_backends() -> list[CloudWatch]:
    """Return the CloudWatch of each account and region in use."""
    return list(backends_in_use(cloudwatch_backends))


class AlarmEvaluator:
    """Evaluates metric alarms as CloudWatch does, but every second; `clock` returns Unix seconds.

    Periods, missing data, percentiles and metric math work as in AWS. CloudWatch evaluates an alarm once a minute
    (every ten seconds for a period under a minute), some time after the data arrived. Here the current period counts as
    soon as it has a datapoint, so an alarm notices an error within two seconds, but also a sum that is still low.
    Recovery takes whole periods, as in AWS. Composite alarms are evaluated after the others. Alarms on anomaly
    detection bands are not evaluated.
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
        """Stop, and wait for the current evaluation, but not for long: an action may run a function for minutes."""
        self._closed.set()
        self._thread.join(STOP_LIMIT_S)

    def evaluate(self) -> None:
        """Evaluate every alarm once."""
        for backend in self._backends():
            alarms = list(backend.alarms.values())
            for alarm in alarms:
                if alarm.rule is None:
                    self._try(alarm, partial(_evaluate, backend, alarm, self._clock()))
            self._evaluate_composites(backend, [alarm for alarm in alarms if alarm.rule])

    def _run(self) -> None:
        while not self._closed.wait(TICK_S):
            self.evaluate()

    def _evaluate_composites(self, backend: CloudWatch, alarms: list[Alarm]) -> None:
        """Update composite alarms, then run the actions that are no longer suppressed.

        Repeats for alarms that depend on each other, but not for ever if they do so in a circle.
        """
        for _ in alarms:
            changed = [
                self._try(alarm, partial(evaluate_composite, backend, alarm)) for alarm in alarms
            ]
            if not any(changed):
                break
        for alarm in alarms:
            self._try(alarm, partial(backend.release_actions, alarm))

    def _try(self, alarm: Alarm, step: Callable[[], Result]) -> Result | None:
        """Return the result of a step for an alarm; if it fails, report the error once and return None."""
        try:
            return step()
        # A mistake in one alarm must not stop the evaluation of the others.
        except Exception as error:
            problem = f"cannot evaluate the alarm {alarm.name}: {error}"
            if problem not in self._reported:
                self._reported.add(problem)
                report(problem)
        return None


def _evaluate(backend: CloudWatch, alarm: Alarm, now: float) -> None:
    watch = Watch.of(alarm)
    time_range = _evaluation_range(backend.metrics, watch, int(now))
    counts = _counts(backend.metrics, watch, time_range)
    periods = time_range.periods(watch.period)
    newest = periods[-watch.rule.evaluation_periods :]
    if sum(counts.get(at, 0) for at in newest) < watch.least_samples:
        return
    evaluation = evaluate(watch.rule, periods, _points(backend.metrics, watch, time_range))
    replaced = backend.alarms.get(alarm.name) is not alarm
    if replaced or evaluation.state in (None, alarm.state_value):
        return
    backend.set_alarm_state(
        alarm.name,
        state_reason(watch.rule, evaluation),
        state_reason_data(watch, evaluation, counts, datetime.fromtimestamp(now, UTC)),
        evaluation.state,
    )


def _evaluation_range(metrics: MetricStore, watch: Watch, now: int) -> TimeRange:
    """Return the range to evaluate. It ends with the current minute if that has a datapoint, else with the last one.

    So periods of several minutes slide by the minute, as in CloudWatch. Those under a minute are aligned to their
    length.
    """
    step = min(watch.period, MINUTE_S)
    current = floor_to(now, step)
    has_current = any(
        metrics.samples(query.metric, step, TimeRange(current, current + step), query.unit)
        for query in watch.statistics()
    )
    end = current + step if has_current else current
    length = watch.rule.evaluation_periods + EXTRA_PERIODS
    return TimeRange(end - length * watch.period, end, origin=end)


def _points(metrics: MetricStore, watch: Watch, time_range: TimeRange) -> Points:
    results = run(metrics, watch.queries, time_range)
    series = [each for result in results.values() for each in result]
    if len(series) != 1:
        raise UnsupportedAlarmError(
            f"its metrics return {len(series)} time series; an alarm needs exactly one."
        )
    return series[0].points


def _counts(metrics: MetricStore, watch: Watch, time_range: TimeRange) -> dict[int, float]:
    """Return the number of samples in each period of an alarm on a single metric; empty for other alarms."""
    if not watch.statistic:
        return {}
    [query] = watch.statistics()
    return {at: samples.count for at, samples in samples_of(metrics, query, time_range).items()}
