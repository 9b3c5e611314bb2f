"""moto's CloudWatch, extended with a store of metrics, and with history and actions of alarms."""

import threading
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from moto.cloudwatch import urls
from moto.cloudwatch.exceptions import InvalidParameterValue, ValidationError
from moto.cloudwatch.models import Alarm, CloudWatchBackend, cloudwatch_backends
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult
from moto.core.utils import utcnow

from local_aws.cloudwatch import action_suppression
from local_aws.cloudwatch.alarm_actions import ActionError, Invoke, act
from local_aws.cloudwatch.alarm_history import AlarmHistory
from local_aws.cloudwatch.alarm_state import AlarmState
from local_aws.cloudwatch.metrics import (
    MINUTE_S,
    PERCENTILE,
    Datum,
    Metric,
    MetricStore,
    Samples,
    check_statistic,
)
from local_aws.cloudwatch.time_ranges import TimeRange
from local_aws.cloudwatch.times import in_utc, moment_of, second_of

HIGH_RESOLUTION_PERIODS_S = (10, 20, 30)
HOUR_S = 60 * MINUTE_S
DAY_S = 24 * HOUR_S
WEEK_S = 7 * DAY_S


def metrics_of(account: str, region: str) -> MetricStore:
    """Return the metrics of an account and region, if `moto_seams.cloudwatch` is installed."""
    store: MetricStore = cloudwatch_backends[account][region].metrics
    return store


def no_functions(function_arn: str, _alarm_arn: str, _event: bytes) -> None:
    """Raise ActionError: without Lambda, no function can be invoked."""
    raise ActionError(f"there is no Lambda to run {function_arn}.")


class CloudWatch(CloudWatchBackend):  # type: ignore[misc] # moto is untyped under --strict
    """CloudWatch of one account and region.

    moto's backend mixes metrics of different dimensions and lacks percentiles and expressions; its alarms start in the
    state OK, have no history and run no actions.
    """

    # Invokes the functions that are actions of alarms; `moto_seams.cloudwatch` sets it.
    invoke: ClassVar[Invoke] = staticmethod(no_functions)
    # Otherwise moto would look for this module beside this file.
    _url_module = urls

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.metrics = MetricStore()
        self.alarm_history = AlarmHistory()
        self.alarm_lock = threading.RLock()

    def put_metric_data(self, namespace: str, metric_data: list[dict[str, Any]]) -> None:
        """Store the data of PutMetricData; the namespaces of AWS services are refused."""
        if namespace.startswith("AWS/"):
            raise InvalidParameterValue(
                f"The value {namespace} for parameter Namespace is invalid."
            )
        for number, entry in enumerate(metric_data, 1):
            self._validate_parameters_put_metric_data(entry, number)
        self.metrics.put([datum for entry in metric_data for datum in _data(namespace, entry)])

    def statistics(
        self,
        metric: Metric,
        period: int,
        time_range: TimeRange,
        statistics: list[str],
        unit: str | None,
    ) -> list[dict[str, Any]]:
        """Return GetMetricStatistics' datapoints: one for each period and unit with data."""
        for name in statistics:
            check_statistic(name)
        return [
            _datapoint(samples, statistics, {"Timestamp": moment_of(at), "Unit": own_unit})
            for own_unit in ([unit] if unit else self.metrics.units(metric))
            for at, samples in self.metrics.samples(metric, period, time_range, own_unit).items()
        ]

    def get_filtered_metrics(
        self, metric_name: str, namespace: str, dimensions: list[dict[str, str]]
    ) -> list[dict[str, Any]]:
        """Return the metrics for ListMetrics: those that have at least these dimensions."""
        return [
            {
                "Namespace": metric.namespace,
                "MetricName": metric.name,
                "Dimensions": [{"Name": name, "Value": value} for name, value in metric.dimensions],
            }
            for metric in self.metrics.metrics()
            if metric_name in (None, metric.name)
            and namespace in (None, metric.namespace)
            and all(_has(metric, dimension) for dimension in dimensions)
        ]

    def put_metric_alarm(self, name: str, **configuration: Any) -> Alarm:
        """Create an alarm in the state INSUFFICIENT_DATA, or update one, which keeps its state."""
        if configuration["period"]:
            _check_periods(int(configuration["period"]), int(configuration["evaluation_periods"]))
        with self.alarm_lock:
            old = self.alarms.get(name)
            alarm = super().put_metric_alarm(name=name, **configuration)
            # AWS leaves them out for an alarm on one metric.
            alarm.metric_data_queries = alarm.metric_data_queries or None
            if old is None:
                alarm.state_value = "INSUFFICIENT_DATA"
                alarm.state_reason_data = None
                alarm.state_transitioned_timestamp = alarm.state_updated_timestamp
            else:
                alarm.state_value = old.state_value
                alarm.state_reason = old.state_reason
                alarm.state_reason_data = old.state_reason_data
                alarm.state_updated_timestamp = old.state_updated_timestamp
                alarm.state_transitioned_timestamp = old.state_transitioned_timestamp
                alarm.left_alarm = getattr(old, "left_alarm", None)
                alarm.held_back = getattr(old, "held_back", None)
            self.alarm_history.record_configuration(alarm, "Update" if old else "Create")
            return alarm

    def delete_alarms(self, alarm_names: list[str]) -> None:
        """Delete alarms; their history stays."""
        with self.alarm_lock:
            for alarm in self.get_alarms_by_alarm_names(alarm_names):
                self.alarm_history.record_configuration(alarm, "Delete")
            super().delete_alarms(alarm_names)

    def set_alarm_state(
        self, alarm_name: str, reason: str, reason_data: str, state_value: str
    ) -> None:
        """Change the state of an alarm, for SetAlarmState and evaluations; records it and runs the actions."""
        with self.alarm_lock:
            alarm = self.alarms.get(alarm_name)
            old = AlarmState.of(alarm) if alarm else None
            super().set_alarm_state(alarm_name, reason, reason_data, state_value)
            if alarm is None or old is None or old.value == state_value:
                return
            alarm.state_transitioned_timestamp = alarm.state_updated_timestamp
            if old.value == "ALARM":
                alarm.left_alarm = alarm.state_updated_timestamp
            self.alarm_history.record_change(alarm, old)
            suppressed = action_suppression.of(alarm) is not None
            if suppressed:
                action_suppression.hold_back(alarm, old)
        if suppressed:
            self.release_actions(alarm)
        else:
            self._act(alarm, old)

    def release_actions(self, alarm: Alarm) -> None:
        """Run the actions of an alarm that were held back, unless its suppressor still suppresses them."""
        with self.alarm_lock:
            old = action_suppression.released(alarm, self.alarms, utcnow())
        if old:
            self._act(alarm, old)

    def _act(self, alarm: Alarm, old: AlarmState) -> None:
        """Run an alarm's actions, without the lock: an action may be a function that calls CloudWatch."""
        if alarm.actions_enabled:
            act(alarm, old, self.account_id, self.alarm_history, type(self).invoke)


def describe_alarm_history(response: CloudWatchResponse) -> ActionResult:
    """Handle DescribeAlarmHistory, which moto lacks: a single page, newest first by default."""
    params = response._get_params()
    start, end = params.get("StartDate"), params.get("EndDate")
    items = response.cloudwatch_backend.alarm_history.items(
        alarm=params.get("AlarmName"),
        kind=params.get("HistoryItemType"),
        start=in_utc(start) if start else None,
        end=in_utc(end) if end else None,
    )
    if params.get("ScanBy") != "TimestampAscending":
        items.reverse()
    return ActionResult({"AlarmHistoryItems": items[: params.get("MaxRecords")]})


def _check_periods(period: int, count: int) -> None:
    """Raise ValidationError unless Period and EvaluationPeriods are valid for PutMetricAlarm."""
    if period not in HIGH_RESOLUTION_PERIODS_S and period % MINUTE_S:
        raise ValidationError("Period must be 10, 20, 30 or a multiple of 60")
    longest, words = (WEEK_S, "seven days") if period >= HOUR_S else (DAY_S, "a day")
    if period * count > longest:
        raise ValidationError(
            f"Metrics cannot be checked across more than {words} (EvaluationPeriods * Period must be <= {longest})."
        )


def _data(namespace: str, entry: Mapping[str, Any]) -> Iterable[Datum]:
    """Return the data of an entry of PutMetricData: a value, values with counts, or a statistic set."""
    metric = Metric.of(namespace, entry["MetricName"], entry.get("Dimensions") or [])
    moment = entry.get("Timestamp")
    second = second_of(moment) if moment else int(datetime.now(UTC).timestamp())
    unit = entry.get("Unit") or "None"
    resolution = int(entry.get("StorageResolution") or MINUTE_S)
    if entry.get("StatisticValues"):
        stats = entry["StatisticValues"]
        extremes = float(stats["Minimum"]), float(stats["Maximum"])
        totals = float(stats["Sum"]), float(stats["SampleCount"])
        return [Datum(metric, second, *extremes, *totals, unit, resolution)]
    values = entry.get("Values") or [entry.get("Value", 0)]
    counts = entry.get("Counts") or [1] * len(values)
    return [
        Datum.of(metric, second, float(value), unit, float(count), resolution)
        for value, count in zip(values, counts, strict=True)
    ]


def _has(metric: Metric, dimension: Mapping[str, str]) -> bool:
    return any(
        name == dimension["Name"] and dimension.get("Value") in (None, value)
        for name, value in metric.dimensions
    )


def _datapoint(
    samples: Samples, statistics: Iterable[str], datapoint: dict[str, Any]
) -> dict[str, Any]:
    """Return the datapoint of GetMetricStatistics with statistics; percentiles are in ExtendedStatistics."""
    for name in statistics:
        if PERCENTILE.fullmatch(name):
            datapoint.setdefault("ExtendedStatistics", {})[name] = samples.statistic(name)
        else:
            datapoint[name] = samples.statistic(name)
    return datapoint
