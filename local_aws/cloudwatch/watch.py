"""What a metric alarm watches, parsed from the alarm as moto stores it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from moto.cloudwatch.models import Alarm, MetricDataQuery

from local_aws.cloudwatch.alarm_rules import COMPARISONS, Rule
from local_aws.cloudwatch.metrics import Metric
from local_aws.cloudwatch.queries import ExpressionQuery, Query, StatisticQuery


class UnsupportedAlarmError(ValueError):
    """The local CloudWatch cannot evaluate the alarm; the message says why."""


@dataclass(frozen=True)
class Watch:
    """An alarm's rule and queries; the query with `returned` yields the points, one per `period` (seconds).

    `statistic` and `unit` are set for an alarm on a single metric. `least_samples` is the minimum number of samples in
    the evaluated periods.
    """

    rule: Rule
    queries: tuple[Query, ...]
    period: int
    statistic: str | None
    unit: str | None
    least_samples: float

    @classmethod
    def of(cls, alarm: Alarm) -> "Watch":
        """Parse an alarm as moto stores it. Raises UnsupportedAlarmError."""
        if alarm.comparison_operator not in COMPARISONS:
            raise UnsupportedAlarmError(f"{alarm.comparison_operator} needs anomaly detection.")
        evaluated = int(alarm.evaluation_periods)
        statistic = alarm.statistic or alarm.extended_statistic
        if alarm.metric_data_queries:
            queries = tuple(_query(query) for query in alarm.metric_data_queries)
        else:
            metric = _metric(alarm)
            queries = (StatisticQuery("m1", metric, statistic, int(alarm.period), alarm.unit),)
        rule = Rule(
            comparison=alarm.comparison_operator,
            threshold=float(alarm.threshold or 0),
            evaluation_periods=evaluated,
            datapoints_to_alarm=alarm.datapoints_to_alarm and int(alarm.datapoints_to_alarm),
            missing=_missing(alarm, queries),
        )
        periods = [query.period for query in queries if isinstance(query, StatisticQuery)]
        if not periods:
            raise UnsupportedAlarmError("it has no metric with a name and a statistic.")
        return cls(rule, queries, max(periods), statistic, alarm.unit, _least_samples(alarm))

    def statistics(self) -> list[StatisticQuery]:
        """Return the queries that are statistics of metrics."""
        return [query for query in self.queries if isinstance(query, StatisticQuery)]


def _query(query: MetricDataQuery) -> Query:
    returned = query.return_data is not False
    if query.metric_stat is None:
        return ExpressionQuery(query.id, query.expression, query.label, returned)
    stat = query.metric_stat
    metric = _metric(stat.metric)
    return StatisticQuery(
        query.id, metric, stat.stat, int(stat.period), stat.unit, query.label, returned
    )


def _metric(watched: Any) -> Metric:
    """Return the metric of moto's alarm or metric."""
    dimensions = tuple(sorted((each.name, each.value) for each in watched.dimensions))
    return Metric(watched.namespace, watched.metric_name, dimensions)


def _missing(alarm: Alarm, queries: Sequence[Query]) -> str:
    """Return how missing data is treated; alarms on metrics of AWS/DynamoDB always ignore it."""
    for query in queries:
        if isinstance(query, StatisticQuery) and query.metric.namespace == "AWS/DynamoDB":
            return "ignore"
    return alarm.treat_missing_data or "missing"


def _least_samples(alarm: Alarm) -> float:
    """Return the minimum number of samples ("Percentile-based alarms and low data samples")."""
    if alarm.evaluate_low_sample_count_percentile != "ignore" or not alarm.extended_statistic:
        return 0
    percent = float(alarm.extended_statistic.removeprefix("p"))
    rare = 100 - percent if percent >= 50 else percent
    return 1000 / rare if rare else 0
