"""Metric filters: metrics from log events, after "Creating metrics from log events using filters"."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from local_aws.cloudwatch.filter_patterns.comparison import number_of
from local_aws.cloudwatch.filter_patterns.errors import PatternError
from local_aws.cloudwatch.filter_patterns.line import LogLine
from local_aws.cloudwatch.filter_patterns.pattern import Pattern, parse
from local_aws.cloudwatch.metrics import MINUTE_S, Datum, Metric, MetricStore
from local_aws.cloudwatch.service import metrics_of
from local_aws.cloudwatch.time_ranges import floor_to

DIMENSIONS_LIMIT = 3


class MetricFilterError(ValueError):
    """AWS refuses such a metric filter; the message says why."""


def check(pattern: str, transformations: Iterable[Mapping[str, Any]]) -> None:
    """Raise MetricFilterError unless PutMetricFilter accepts a filter with this pattern and transformations."""
    try:
        kind = parse(pattern).kind
    except PatternError as error:
        raise MetricFilterError(f"Invalid filter pattern: {error}") from error
    for transformation in transformations:
        dimensions = transformation.get("dimensions") or {}
        problem = None
        value = transformation.get("metricValue") or ""
        if not _is_value(value):
            problem = f"metric value {value} must be a valid number."
        elif dimensions and transformation.get("defaultValue") is not None:
            problem = "dimensions and default value are mutually exclusive properties."
        elif dimensions and kind == "terms":
            problem = "dimensions are supported for JSON and space-delimited filter patterns only."
        elif len(dimensions) > DIMENSIONS_LIMIT:
            problem = f"at most {DIMENSIONS_LIMIT} dimensions are allowed."
        if problem:
            raise MetricFilterError(f"Invalid metric transformation: {problem}")


def _is_value(text: str) -> bool:
    """Whether a metric's value is one: a number, or the selector of one in the event."""
    number = number_of(text)
    return text.startswith("$") or (number is not None and math.isfinite(number))


def publish(
    filters: Iterable[Mapping[str, Any]],
    events: Iterable[Mapping[str, Any]],
    account: str,
    region: str,
) -> None:
    """Publish the metrics of a log group's metric filters, as moto stores them, for new events of the group."""
    lines = [(event["timestamp"] // 1000, LogLine(event["message"])) for event in events]
    minutes = {floor_to(second, MINUTE_S) for second, _ in lines}
    store = metrics_of(account, region)
    for metric_filter in filters:
        _apply(metric_filter, lines, minutes, store)


def _apply(
    metric_filter: Mapping[str, Any],
    lines: Sequence[tuple[int, LogLine]],
    minutes: Iterable[int],
    store: MetricStore,
) -> None:
    pattern = parse(metric_filter["filterPattern"])
    matching = [(second, line) for second, line in lines if pattern.matches(line)]
    for transformation in metric_filter["metricTransformations"]:
        for second, line in matching:
            store.put(_data(transformation, pattern, second, line))
        if transformation.get("defaultValue") is not None:
            for minute in minutes:
                store.put_default(_default(transformation, minute))


def _data(
    transformation: Mapping[str, Any], pattern: Pattern, second: int, line: LogLine
) -> Iterator[Datum]:
    """Yield the datum of a matching line, unless its value is not a number or a dimension is missing."""
    value = number_of(pattern.value(transformation["metricValue"], line))
    dimensions = {
        name: pattern.value(selector, line)
        for name, selector in (transformation.get("dimensions") or {}).items()
    }
    if value is not None and all(isinstance(v, str | int | float) for v in dimensions.values()):
        yield Datum.of(_metric(transformation, dimensions), second, value, _unit(transformation))


def _default(transformation: Mapping[str, Any], minute: int) -> Datum:
    """Return the default value of a transformation for a minute."""
    names = transformation["metricNamespace"], transformation["metricName"]
    return _default_datum(
        *names, float(transformation["defaultValue"]), _unit(transformation), minute
    )


@lru_cache(maxsize=1024)
def _default_datum(namespace: str, name: str, value: float, unit: str, minute: int) -> Datum:
    return Datum.of(Metric(namespace, name), minute, value, unit)


def _metric(transformation: Mapping[str, Any], dimensions: Mapping[str, Any]) -> Metric:
    return Metric(
        transformation["metricNamespace"],
        transformation["metricName"],
        tuple(sorted((name, str(value)) for name, value in dimensions.items())),
    )


def _unit(transformation: Mapping[str, Any]) -> str:
    return str(transformation.get("unit") or "None")
