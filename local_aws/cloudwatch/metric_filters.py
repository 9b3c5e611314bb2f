"""Metric filters ("Creating metrics from log events using filters"): metrics made from log events when written."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from local_aws.cloudwatch.filter_pattern import (
    LogLine,
    PatternError,
    Predicate,
    number_of,
    parse,
    select,
)
from local_aws.cloudwatch.metrics import MINUTE_S, Datum, Metric, MetricStore, floor_to
from local_aws.cloudwatch.service import metrics_of


def publish(
    filters: Iterable[Mapping[str, Any]],
    events: Iterable[Mapping[str, Any]],
    account: str,
    region: str,
) -> None:
    """Publish the metrics of a log group's metric filters, as moto stores them, for events written to the group."""
    lines = [(event["timestamp"] // 1000, LogLine(event["message"])) for event in events]
    store = metrics_of(account, region)
    for metric_filter in filters:
        _apply(metric_filter, lines, store)


def _apply(
    metric_filter: Mapping[str, Any], lines: Sequence[tuple[int, LogLine]], store: MetricStore
) -> None:
    matches = _predicate(metric_filter["filterPattern"])
    if matches is None or not lines:
        return
    matching = [(second, line) for second, line in lines if matches(line)]
    for transformation in metric_filter["metricTransformations"]:
        if matching:
            store.put(_data(transformation, matching))
        elif transformation.get("defaultValue") is not None:
            _put_default(transformation, lines[0][0], store)


def _data(
    transformation: Mapping[str, Any], matching: Iterable[tuple[int, LogLine]]
) -> Iterable[Datum]:
    """Return a datum for each matching line, except where the value is not a number or a dimension is missing."""
    for second, line in matching:
        value = number_of(_field(transformation["metricValue"], line))
        dimensions = {
            name: _field(selector, line)
            for name, selector in (transformation.get("dimensions") or {}).items()
        }
        if value is not None and all(isinstance(v, str | int | float) for v in dimensions.values()):
            yield Datum.of(
                _metric(transformation, dimensions), second, value, _unit(transformation)
            )


def _put_default(transformation: Mapping[str, Any], second: int, store: MetricStore) -> None:
    """Report the default value, once for a minute in which lines were written but none has matched yet.

    CloudWatch Logs waits for the end of the minute. Here a match may follow; the default, 0 as a rule, then stays in
    the minute's samples.
    """
    metric = _metric(transformation, {})
    minute = floor_to(second, MINUTE_S)
    if not store.samples(metric, MINUTE_S, minute, minute + MINUTE_S):
        value = float(transformation["defaultValue"])
        store.put([Datum.of(metric, second, value, _unit(transformation))])


def _field(value: str, line: LogLine) -> Any:
    return select(value, line.json) if value.startswith("$") else value


def _metric(transformation: Mapping[str, Any], dimensions: Mapping[str, Any]) -> Metric:
    return Metric(
        transformation["metricNamespace"],
        transformation["metricName"],
        tuple(sorted((name, str(value)) for name, value in dimensions.items())),
    )


def _unit(transformation: Mapping[str, Any]) -> str:
    return str(transformation.get("unit") or "None")


@cache
def _predicate(pattern: str) -> Predicate | None:
    """Parse a pattern; an unsupported one is reported once."""
    try:
        return parse(pattern)
    except PatternError as error:
        print(f"local: {error}; metric filters that use it publish nothing.", file=sys.stderr)
        return None
