"""Metric data queries of GetMetricData and alarms: statistics of metrics, and expressions over them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local_aws.cloudwatch.metric_math import (
    Calculator,
    ExpressionError,
    TimeSeries,
    Value,
    array,
)
from local_aws.cloudwatch.metrics import Metric, MetricStore, Samples
from local_aws.cloudwatch.time_ranges import TimeRange


@dataclass(frozen=True)
class StatisticQuery:
    """A statistic of a metric by periods (seconds); without a unit, of the data in the first of its units."""

    id: str
    metric: Metric
    statistic: str
    period: int
    unit: str | None = None
    label: str | None = None
    returned: bool = True

    @property
    def default_label(self) -> str:
        """The label of the result if the query does not have one."""
        return self.metric.name


@dataclass(frozen=True)
class ExpressionQuery:
    """Metric math over other queries, by their ids."""

    id: str
    expression: str
    label: str | None = None
    returned: bool = True

    @property
    def default_label(self) -> str:
        """The label of the result if the query does not have one."""
        return self.id


Query = StatisticQuery | ExpressionQuery


def query_of(request: Mapping[str, Any]) -> Query:
    """Return the query for a MetricDataQuery of the API."""
    returned = request.get("ReturnData")
    common = (request.get("Label"), True if returned is None else bool(returned))
    if request.get("Expression"):
        return ExpressionQuery(request["Id"], request["Expression"], *common)
    stat = request["MetricStat"]
    metric = stat["Metric"]
    return StatisticQuery(
        request["Id"],
        Metric.of(metric["Namespace"], metric["MetricName"], metric.get("Dimensions") or []),
        stat["Stat"],
        int(stat["Period"]),
        stat.get("Unit"),
        *common,
    )


def run(
    store: MetricStore, queries: Sequence[Query], time_range: TimeRange
) -> dict[str, list[TimeSeries]]:
    """Return the time series of each query with ReturnData, by id; several if an expression yields an array.

    Raises StatisticError or ExpressionError.
    """
    return _Run(store, queries, time_range).results()


class _Run:
    """The queries of one request, each computed once, on demand."""

    def __init__(self, store: MetricStore, queries: Sequence[Query], time_range: TimeRange) -> None:
        self._returned = [query.id for query in queries if query.returned]
        self._expressions = {
            query.id: query.expression for query in queries if isinstance(query, ExpressionQuery)
        }
        metrics = {
            query.id: _statistic(store, query, time_range)
            for query in queries
            if isinstance(query, StatisticQuery)
        }
        self._values: dict[str, Value] = dict(metrics)
        self._in_progress: set[str] = set()
        self._calculator = Calculator(self._value, metrics, time_range)

    def results(self) -> dict[str, list[TimeSeries]]:
        return {name: array(self._value(name)) for name in self._returned}

    def _value(self, name: str) -> Value:
        if name not in self._values:
            expression = self._expressions[name]
            if name in self._in_progress:
                raise ExpressionError(f"The query {name!r} refers to itself.")
            self._in_progress.add(name)
            self._values[name] = self._calculator.compute(expression)
        return self._values[name]


def units_of(store: MetricStore, query: StatisticQuery, time_range: TimeRange) -> list[str]:
    """Return the units of the data that a query without a unit covers; it uses the first, in alphabetical order."""
    return store.units_between(query.metric, time_range.floor(query.period), time_range.end)


def samples_of(
    store: MetricStore, query: StatisticQuery, time_range: TimeRange
) -> dict[int, Samples]:
    """Return the samples that a query's statistic is computed from, by the start of their period."""
    unit = _unit(store, query, time_range)
    return store.samples(query.metric, query.period, time_range, unit)


def _statistic(store: MetricStore, query: StatisticQuery, time_range: TimeRange) -> TimeSeries:
    unit = _unit(store, query, time_range)
    points = store.points(query.metric, query.statistic, query.period, time_range, unit)
    return TimeSeries(points, query.period)


def _unit(store: MetricStore, query: StatisticQuery, time_range: TimeRange) -> str | None:
    return query.unit or next(iter(units_of(store, query, time_range)), None)
