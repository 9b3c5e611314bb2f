"""The function's recent activity: the end of its log, its last rides, the state of its alarms."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from scripts.monitoring.graphs import Window

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cloudwatch.type_defs import DescribeAlarmsOutputTypeDef
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_logs import CloudWatchLogsClient

NEWEST_LINES = 100
# How far back the end of the log is searched, at first and at most; each step back is twice as long as the one before.
FIRST_STEP, FARTHEST = timedelta(seconds=15), timedelta(days=1)
NEWEST_RIDES = 5
EVENT_OVERHEAD = 26  # bytes that CloudWatch Logs adds to each line ("PutLogEvents")


@dataclass(frozen=True)
class LogLine:
    """A line of the function's log, as it was written."""

    time: datetime
    message: str

    @property
    def fields(self) -> dict[str, Any]:
        """Its fields, if it is a JSON object."""
        try:
            fields = json.loads(self.message)
        except (ValueError, RecursionError):  # RecursionError: nested too deep to read
            return {}
        return fields if isinstance(fields, dict) else {}


@dataclass(frozen=True)
class Ride:
    """A recorded ride; `request_time` as `2026-11-22T21:36:43.107Z`. Attributes that its item lacks are empty."""

    ride_id: str
    request_time: str
    unicorn: str


@dataclass(frozen=True)
class Alarm:
    """An alarm and its state: OK, ALARM or INSUFFICIENT_DATA, and since when and why."""

    name: str
    state: str
    since: datetime
    reason: str


def last_lines(logs: CloudWatchLogsClient, group: str, window: Window) -> tuple[LogLine, ...]:
    """Read the end of a log group: up to NEWEST_LINES, the oldest first, from the window or FARTHEST if that is longer.

    FilterLogEvents reads every stream, but starts at the oldest line, so the search goes back step by step. The
    streams' LastEventTime is no help: it is up to an hour late ("LogStream", CloudWatch Logs API Reference).
    """
    begin = min(window.start, window.end - FARTHEST)
    lines: list[LogLine] = []
    end, step = window.end, FIRST_STEP
    while len(lines) < NEWEST_LINES and end > begin:
        start = max(begin, end - step)
        lines = [*_lines_between(logs, group, start, end), *lines]
        end, step = start, 2 * step
    return tuple(lines[-NEWEST_LINES:])


def _lines_between(
    logs: CloudWatchLogsClient, group: str, start: datetime, end: datetime
) -> list[LogLine]:
    """Read the lines of a log group from one time up to, but not including, another, in order."""
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=group, startTime=_ms(start), endTime=_ms(end) - 1
    )
    lines = [
        LogLine(datetime.fromtimestamp(event["timestamp"] / 1000, UTC), event["message"])
        for page in pages
        for event in page["events"]
    ]
    return sorted(lines, key=lambda line: line.time)


def _ms(time: datetime) -> int:
    return round(time.timestamp() * 1000)


def last_rides(tables: DynamoDBClient, table: str, lines: tuple[LogLine, ...]) -> tuple[Ride, ...]:
    """Read the newest rides that the log names, the newest first; a scan would read the whole table."""
    logged = (
        line.fields.get("ride_id")
        for line in reversed(lines)
        if line.fields.get("outcome") == "created"
    )
    # Anything may be logged; only a string that is not empty can be a key.
    created = (ride_id for ride_id in logged if isinstance(ride_id, str) and ride_id)
    ids = list(dict.fromkeys(created))[:NEWEST_RIDES]
    if not ids:
        return ()
    items = tables.batch_get_item(
        RequestItems={table: {"Keys": [{"RideId": {"S": ride_id}} for ride_id in ids]}}
    )["Responses"][table]
    rides = {item["RideId"]["S"]: _ride(item) for item in items}
    return tuple(rides[ride_id] for ride_id in ids if ride_id in rides)


def _ride(item: Mapping[str, Any]) -> Ride:
    time, unicorn = (item.get(name, {}).get("S", "") for name in ("RequestTime", "UnicornName"))
    return Ride(item["RideId"]["S"], time, unicorn)


def billed_ms_per_request(lines: tuple[LogLine, ...]) -> float:
    """Return the mean of the billed durations in the REPORT lines of a log."""
    billed = [ms for line in lines if (ms := _billed_ms(line)) is not None]
    return sum(billed) / len(billed) if billed else 0.0


def _billed_ms(line: LogLine) -> float | None:
    match line.fields:
        case {
            "type": "platform.report",
            "record": {"metrics": {"billedDurationMs": float() | int() as ms}},
        }:
            return ms
    return None


def bytes_per_request(lines: tuple[LogLine, ...]) -> float:
    """Return how many bytes a request logs on average: CloudWatch's size of these lines per REPORT in them."""
    reports = sum(line.fields.get("type") == "platform.report" for line in lines)
    size = sum(len(line.message.encode()) + EVENT_OVERHEAD for line in lines)
    return size / reports if reports else 0.0


def alarm_states(metrics: CloudWatchClient, names: tuple[str, ...]) -> tuple[Alarm, ...]:
    """Read the alarms with these names, sorted by name."""
    if not names:
        return ()
    return _states(metrics.describe_alarms(AlarmNames=names))


def alarms_of(metrics: CloudWatchClient, function: str) -> tuple[Alarm, ...]:
    """Read the alarms that are named after a function, such as `RequestUnicornPage-errors`."""
    return _states(metrics.describe_alarms(AlarmNamePrefix=f"{function}-"))


def _states(answer: DescribeAlarmsOutputTypeDef) -> tuple[Alarm, ...]:
    return tuple(
        Alarm(
            alarm["AlarmName"],
            alarm["StateValue"],
            alarm["StateUpdatedTimestamp"].astimezone(UTC),
            alarm.get("StateReason", ""),
        )
        for alarm in sorted(answer["MetricAlarms"], key=lambda alarm: alarm["AlarmName"])
    )
