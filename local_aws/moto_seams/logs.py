"""moto 5.2.5's CloudWatch Logs stores filter patterns but hardly applies them.

Metric filters do not publish metrics, cannot be tested, are not validated, do not replace the one with the same name,
and outlive their log group. Subscription filters send all events, and may be created for functions that do not permit
it. FilterLogEvents understands only terms, returns everything for other patterns, and reads all events of the group for
each query. Without this seam test_metrics.py, test_stack.py, test_log_filters.py and test_events_of_services.py
(tests/integration) fail.
"""

import bisect
import heapq
import json
import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from operator import attrgetter
from typing import Any

from moto.core.utils import unix_time_millis, utcnow
from moto.logs.exceptions import (
    InvalidParameterException,
    LimitExceededException,
    ResourceNotFoundException,
)
from moto.logs.models import LogEvent, LogGroup, LogsBackend, LogStream, logs_backends
from moto.logs.responses import LogsResponse

from local_aws.arns import Arn, parse_arn
from local_aws.cloudwatch import metric_filters
from local_aws.cloudwatch.filter_patterns.errors import PatternError
from local_aws.cloudwatch.filter_patterns.line import LogLine
from local_aws.cloudwatch.filter_patterns.pattern import Pattern, parse

# "FilterLogEvents", Request Parameters.
PAGE_LIMIT = 10_000
# "PutMetricFilter": the most filters of a log group with regular expressions.
REGEX_LIMIT = 5
TIME = attrgetter("timestamp")
_NOT_PERMITTED = (
    "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute "
    "your function."
)
# Held while events are inserted into a stream or looked up by their time.
_ORDER = threading.Lock()

_put_log_events = LogGroup.put_log_events
_put_metric_filter = LogsBackend.put_metric_filter
_put_subscription_filter = LogsBackend.put_subscription_filter
_delete_log_group = LogsBackend.delete_log_group

Page = tuple[list[dict[str, Any]], str | None, list[dict[str, Any]]]


def install(permits: Callable[[str, str], bool]) -> None:
    """Apply filter patterns, and store events in order of time.

    `permits` returns whether CloudWatch Logs may invoke a function for a log group, each given by its ARN.
    """
    LogStream.put_log_events = put_stream_events
    LogStream._update = update_times
    LogGroup.put_log_events = put_log_events
    LogsBackend.put_metric_filter = put_metric_filter
    LogsBackend.put_subscription_filter = _putting_subscription_filters(permits)
    LogsBackend.delete_log_group = delete_log_group
    LogsBackend.filter_log_events = filter_log_events
    LogsResponse.test_metric_filter = test_metric_filter


def put_log_events(group: LogGroup, log_stream_name: str, log_events: list[dict[str, Any]]) -> str:
    """Store events, and publish the metrics of the group's metric filters."""
    token: str = _put_log_events(group, log_stream_name, log_events)
    filters = logs_backends[group.account_id][group.region].filters.get_matching_filters(
        log_group_name=group.name
    )
    metric_filters.publish(filters, log_events, group.account_id, group.region)
    return token


def put_stream_events(stream: LogStream, log_events: list[dict[str, Any]]) -> str:
    """Store events in order of time, and send the matching ones to the group's subscription filters."""
    stream.last_ingestion_time = utcnow()
    stream.stored_bytes += sum(len(event["message"]) for event in log_events)
    stream.upload_sequence_token += 1
    ingestion_time = int(unix_time_millis(stream.last_ingestion_time))
    events = [LogEvent(ingestion_time, event) for event in log_events]
    with _ORDER:
        for event in events:
            bisect.insort(stream.events, event, key=TIME)
    for subscription in stream.log_group.subscription_filters.values():
        _send(stream, subscription, events)
    return f"{stream.upload_sequence_token:056d}"


def update_times(stream: LogStream) -> None:
    """Set the times of the first and last event, for DescribeLogStreams."""
    with _ORDER:
        times = [event.timestamp for event in (*stream.events[:1], *stream.events[-1:])]
    stream.first_event_timestamp, stream.last_event_timestamp = times or (None, None)


def put_metric_filter(
    backend: LogsBackend, name: str, pattern: str, group: str, transformations: Any
) -> None:
    """Create a metric filter, or replace the one with that name."""
    if group not in backend.groups:
        raise ResourceNotFoundException
    try:
        metric_filters.check(pattern, transformations)
    except metric_filters.MetricFilterError as error:
        raise InvalidParameterException(str(error)) from error
    _check_regexes(backend, group, pattern, replaced=name)
    backend.delete_metric_filter(name, group)
    _put_metric_filter(backend, name, pattern, group, transformations)


def _check_regexes(backend: LogsBackend, group: str, pattern: str, *, replaced: str) -> None:
    """Raise LimitExceededException if the group would have too many filters with a regular expression."""
    if group not in backend.groups or not parse(pattern).has_regex:
        return
    metric_filters = backend.filters.get_matching_filters(log_group_name=group)
    patterns = [
        *(each["filterPattern"] for each in metric_filters if each["filterName"] != replaced),
        *(
            each.filter_pattern
            for name, each in backend.groups[group].subscription_filters.items()
            if name != replaced
        ),
    ]
    if sum(parse(each).has_regex for each in patterns) >= REGEX_LIMIT:
        raise LimitExceededException


def _putting_subscription_filters(permits: Callable[[str, str], bool]) -> Callable[..., None]:
    """Return moto's function that stores subscription filters, with checks of the pattern and the permission."""

    def put_subscription_filter(
        backend: LogsBackend,
        log_group_name: str,
        filter_name: str,
        filter_pattern: str,
        destination_arn: str,
        *role: str,
        **more: str,
    ) -> None:
        _parse(filter_pattern)
        _check_regexes(backend, log_group_name, filter_pattern, replaced=filter_name)
        destination = parse_arn(destination_arn)
        is_function = destination is not None and destination.service == "lambda"
        if is_function and log_group_name in backend.groups:
            group_arn = f"{backend.groups[log_group_name].arn}:*"
            if not permits(destination_arn, group_arn):
                raise InvalidParameterException(_NOT_PERMITTED)
        _put_subscription_filter(
            backend, log_group_name, filter_name, filter_pattern, destination_arn, *role, **more
        )

    return put_subscription_filter


def delete_log_group(backend: LogsBackend, log_group_name: str) -> None:
    """Delete a log group with its metric filters."""
    _delete_log_group(backend, log_group_name)
    for metric_filter in backend.filters.get_matching_filters(log_group_name=log_group_name):
        backend.delete_metric_filter(metric_filter["filterName"], log_group_name)


def filter_log_events(
    backend: LogsBackend,
    log_group_name: str,
    log_stream_names: list[str],
    start_time: int | None,
    end_time: int | None,
    limit: int | None,
    next_token: str | None,
    filter_pattern: str | None,
    interleaved: bool,
) -> Page:
    """Return a page of matching events in order of time, the token of the next page, and no searched streams.

    Reads only events in the time range, and no more than are needed for the page. FilterLogEvents always interleaves
    its streams, and has not returned searched streams since 2020.
    """
    if log_group_name not in backend.groups:
        raise ResourceNotFoundException
    if limit and limit > PAGE_LIMIT:
        raise InvalidParameterException(
            constraint=f"Member must have value less than or equal to {PAGE_LIMIT}",
            parameter="limit",
            value=limit,
        )
    pattern = _parse(filter_pattern or "")
    after = _position(next_token)
    streams = _streams(backend.groups[log_group_name], log_stream_names)
    start = max(start_time or 0, after[0])
    ordered = heapq.merge(*(_between(stream, start, end_time) for stream in streams))
    matching = (
        (position, stream, event)
        for *position, stream, event in ordered
        if tuple(position) > after and pattern.matches(LogLine(event.message))
    )
    size = limit or PAGE_LIMIT
    page = list(islice(matching, size))
    more = len(page) == size and next(matching, None) is not None
    token = "/".join(str(number) for number in page[-1][0]) if more else None
    return (
        [{**event.to_filter_dict(), "logStreamName": stream} for _, stream, event in page],
        token,
        [],
    )


def test_metric_filter(response: LogsResponse) -> str:
    """Handle TestMetricFilter, which moto lacks: return the matching messages, numbered from 1."""
    pattern = _parse(response._get_param("filterPattern"))
    lines = [LogLine(message) for message in response._get_param("logEventMessages")]
    return json.dumps(
        {
            "matches": [
                {
                    "eventNumber": number,
                    "eventMessage": line.text,
                    "extractedValues": pattern.extracted(line),
                }
                for number, line in enumerate(lines, 1)
                if pattern.matches(line)
            ]
        }
    )


def _streams(group: LogGroup, names: list[str]) -> list[LogStream]:
    """Return the streams of a group with these names, or all if there are none."""
    streams = list(group.streams.items())
    return [stream for name, stream in streams if not names or name in names]


def _between(
    stream: LogStream, start: int, end: int | None
) -> Iterator[tuple[int, int, str, LogEvent]]:
    """Yield a stream's events in a time range (milliseconds, inclusive), sorted by time and id, which is unique."""
    with _ORDER:
        first = bisect.bisect_left(stream.events, start, key=TIME)
        last = len(stream.events)
        if end is not None:
            last = bisect.bisect_right(stream.events, end, key=TIME)
        events = stream.events[first:last]
    for event in events:
        yield event.timestamp, event.event_id, stream.log_stream_name, event


def _send(stream: LogStream, subscription: Any, events: Iterable[LogEvent]) -> None:
    pattern = parse(subscription.filter_pattern or "")
    matching = [
        {"id": str(event.event_id), "timestamp": event.timestamp, "message": event.message}
        for event in events
        if pattern.matches(LogLine(event.message))
    ]
    if matching:
        stream._send_log_events(
            service=Arn.of(subscription.destination_arn).service,
            destination_arn=subscription.destination_arn,
            filter_name=subscription.name,
            log_events=matching,
        )


def _position(token: str | None) -> tuple[int, int]:
    """Return the time and the id of the last event on the previous page."""
    try:
        time, event_id = (token or "0/-1").split("/")
        return int(time), int(event_id)
    except ValueError:
        raise InvalidParameterException("The specified nextToken is invalid.") from None


def _parse(pattern: str) -> Pattern:
    try:
        return parse(pattern)
    except PatternError as error:
        raise InvalidParameterException(f"Invalid filter pattern: {error}") from error
