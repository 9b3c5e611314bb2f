"""GetMetricData and GetMetricStatistics: parameters, labels, messages, limits and pages."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from moto.cloudwatch.exceptions import (
    InvalidParameterCombination,
    InvalidParameterValue,
    ValidationError,
)
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from local_aws.cloudwatch.metric_math import ExpressionError, TimeSeries
from local_aws.cloudwatch.metrics import Metric, MetricStore, StatisticError
from local_aws.cloudwatch.queries import Query, StatisticQuery, query_of, run, units_of
from local_aws.cloudwatch.time_ranges import TimeRange
from local_aws.cloudwatch.times import moment_of, second_of

# "GetMetricData" and "GetMetricStatistics", Request Parameters.
DATA_LIMIT = 100_800
STATISTICS_LIMIT = 1_440


def get_metric_data(response: CloudWatchResponse) -> ActionResult:
    """Handle GetMetricData: results in the order of the queries, in pages of MaxDatapoints."""
    params = response._get_params()
    queries = params.get("MetricDataQueries", [])
    if not all("MetricStat" in query or "Expression" in query for query in queries):
        # AWS ends this message with a newline too.
        raise ValidationError("The parameter MetricDataQueries.member.1.MetricStat is required.\n")
    results = metric_data(
        response.cloudwatch_backend.metrics,
        [query_of(query) for query in queries],
        params["StartTime"],
        params["EndTime"],
        newest_first=params.get("ScanBy") != "TimestampAscending",
    )
    limit = min(int(params.get("MaxDatapoints") or DATA_LIMIT), DATA_LIMIT)
    page, token = _page(results, _offset(params.get("NextToken")), limit)
    return ActionResult({"MetricDataResults": page, "NextToken": token, "Messages": []})


def metric_data(
    store: MetricStore,
    queries: Sequence[Query],
    start: datetime,
    end: datetime,
    *,
    newest_first: bool,
) -> list[dict[str, Any]]:
    """Return GetMetricData's results in the order of the queries; a point's time is the start of its period.

    Raises ValidationError.
    """
    if start >= end:
        raise ValidationError("The parameter EndTime must be greater than StartTime.")
    time_range = TimeRange(second_of(start), second_of(end))
    try:
        series_by_id = run(store, queries, time_range)
    except (StatisticError, ExpressionError) as error:
        raise ValidationError(str(error)) from error
    labels = default_labels(queries)
    return [
        {
            **_points(series, newest_first=newest_first),
            "id": query.id,
            "label": query.label or labels[query.id],
            "status_code": "Complete",
            "messages": _messages(store, query, time_range),
        }
        for query in queries
        for series in series_by_id.get(query.id, [])
    ]


def get_metric_statistics(response: CloudWatchResponse) -> ActionResult:
    """Handle GetMetricStatistics, with the ExtendedStatistics that moto lacks."""
    params = response._get_params()
    statistics = [*params.get("Statistics", []), *params.get("ExtendedStatistics", [])]
    if not statistics:
        raise InvalidParameterCombination("Must specify either Statistics or ExtendedStatistics")
    metric = Metric.of(params["Namespace"], params["MetricName"], params.get("Dimensions", []))
    time_range = TimeRange(second_of(params["StartTime"]), second_of(params["EndTime"]))
    period = int(params["Period"])
    _check_statistics(time_range, period)
    try:
        datapoints = response.cloudwatch_backend.statistics(
            metric, period, time_range, statistics, params.get("Unit")
        )
    except StatisticError as error:
        raise InvalidParameterValue(str(error)) from error
    return ActionResult({"Label": metric.name, "Datapoints": datapoints})


def default_labels(queries: Sequence[Query]) -> dict[str, str]:
    """Return the default label of each query, by its id.

    As recorded from AWS, queries of the same metric are labelled by what differs: the statistic, the period, or both.
    """
    statistics = [query for query in queries if isinstance(query, StatisticQuery)]
    labels = {query.id: query.default_label for query in queries}
    for query in statistics:
        same = [other for other in statistics if other.metric == query.metric]
        parts = [
            *([query.statistic] if len({other.statistic for other in same}) > 1 else []),
            *([str(query.period)] if len({other.period for other in same}) > 1 else []),
        ]
        labels[query.id] = " ".join([query.metric.name, *parts])
    return labels


def _points(series: TimeSeries, *, newest_first: bool) -> dict[str, Any]:
    times = sorted(series.points, reverse=newest_first)
    return {
        "timestamps": [moment_of(at) for at in times],
        "values": [series.points[at] for at in times],
    }


def _messages(store: MetricStore, query: Query, time_range: TimeRange) -> list[dict[str, str]]:
    """Return the message about data in several units, if a query without a unit uses only one of them."""
    if not isinstance(query, StatisticQuery) or query.unit:
        return []
    units = units_of(store, query, time_range)
    if len(units) < 2:
        return []
    return [{"code": "MultipleUnits", "value": f"Multiple units returned: '[{', '.join(units)}]'"}]


def _page(
    results: Sequence[Mapping[str, Any]], first: int, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """Return the results with at most `limit` points, from the point number `first` on, and the next page's token."""
    page: list[dict[str, Any]] = []
    before = 0
    for result in results:
        count = len(result["values"])
        low, high = max(first - before, 0), min(first + limit - before, count)
        if low < high or (not count and first == 0):
            points = {name: result[name][low:high] for name in ("timestamps", "values")}
            status = "Complete" if high == count else "PartialData"
            page.append({**result, **points, "status_code": status})
        before += count
    return page, str(first + limit) if before > first + limit else None


def _offset(token: str | None) -> int:
    try:
        return int(token or 0)
    except ValueError:
        raise InvalidParameterValue("The value for parameter NextToken is invalid.") from None


def _check_statistics(time_range: TimeRange, period: int) -> None:
    length = time_range.end - time_range.start
    if length <= 0:
        raise InvalidParameterValue(
            "The parameter StartTime must be less than the parameter EndTime."
        )
    requested = math.ceil(length / period)
    if requested > STATISTICS_LIMIT:
        raise InvalidParameterCombination(
            f"You have requested up to {requested:,} datapoints, which exceeds the limit of {STATISTICS_LIMIT:,}. "
            "You may reduce the datapoints requested by increasing Period, or decreasing the time range."
        )
