"""Metric data queries: statistics of metrics, and expressions over them, as GetMetricData and alarms ask for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local_aws.cloudwatch.metric_math import (
    Calculator,
    ExpressionError,
    TimeRange,
    TimeSeries,
    Value,
    array,
)
from local_aws.cloudwatch.metrics import Metric, MetricStore


@dataclass(frozen=True)
class StatisticQuery:
    """One statistic of one metric over periods of so many seconds; without a unit, of data in all units."""

    id: str
    metric: Metric
    statistic: str
    period: int
    unit: str | None = None
    label: str | None = None
    returned: bool = True

    @property
    def default_label(self) -> str:
        """What CloudWatch calls the result if the query does not."""
        return self.metric.name


@dataclass(frozen=True)
class ExpressionQuery:
    """Metric math over the other queries, by their ids."""

    id: str
    expression: str
    label: str | None = None
    returned: bool = True

    @property
    def default_label(self) -> str:
        """What CloudWatch calls the result if the query does not."""
        return self.id


Query = StatisticQuery | ExpressionQuery


def query_of(request: Mapping[str, Any]) -> Query:
    """Take a MetricDataQuery as the API has it."""
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
    """Return the time series of every returned query by its id: one, or several if its expression gives an array.

    Raises StatisticError or ExpressionError.
    """
    return _Run(store, queries, time_range).results()


class _Run:
    """One request's queries, each computed once, when another asks for it."""

    def __init__(self, store: MetricStore, queries: Sequence[Query], time_range: TimeRange) -> None:
        self._queries = {query.id: query for query in queries}
        metrics = {
            query.id: _statistic(store, query, time_range)
            for query in queries
            if isinstance(query, StatisticQuery)
        }
        self._done: dict[str, Value] = dict(metrics)
        self._under_way: set[str] = set()
        self._calculator = Calculator(self._value, metrics, time_range)

    def results(self) -> dict[str, list[TimeSeries]]:
        return {
            name: array(self._value(name))
            for name, query in self._queries.items()
            if query.returned
        }

    def _value(self, name: str) -> Value:
        if name not in self._done:
            query = self._queries[name]
            assert isinstance(query, ExpressionQuery)  # noqa: S101 - statistics are done from the start
            if name in self._under_way:
                raise ExpressionError(f"The query {name!r} refers to itself.")
            self._under_way.add(name)
            self._done[name] = self._calculator.compute(query.expression)
        return self._done[name]


def _statistic(store: MetricStore, query: StatisticQuery, time_range: TimeRange) -> TimeSeries:
    points = store.points(
        query.metric, query.statistic, query.period, time_range.start, time_range.end, query.unit
    )
    return TimeSeries(points, query.period)
