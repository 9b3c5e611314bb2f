"""What the function did lately: the end of its log, its last rides, the state of its alarms."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_logs import CloudWatchLogsClient

NEWEST_STREAMS = 5  # each environment of the function writes to a stream of its own
NEWEST_LINES = 100
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
    """A recorded ride; `request_time` as `2026-11-22T21:36:43.107Z`."""

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


def last_lines(logs: CloudWatchLogsClient, group: str) -> tuple[LogLine, ...]:
    """Read the end of the newest streams of a log group: up to NEWEST_LINES, the oldest first."""
    streams = logs.describe_log_streams(
        logGroupName=group, orderBy="LastEventTime", descending=True, limit=NEWEST_STREAMS
    )["logStreams"]
    lines = [
        LogLine(datetime.fromtimestamp(event["timestamp"] / 1000, UTC), event["message"])
        for stream in streams
        for event in logs.get_log_events(
            logGroupName=group,
            logStreamName=stream["logStreamName"],
            limit=NEWEST_LINES,
            startFromHead=False,
        )["events"]
    ]
    return tuple(sorted(lines, key=lambda line: line.time)[-NEWEST_LINES:])


def last_rides(tables: DynamoDBClient, table: str, lines: tuple[LogLine, ...]) -> tuple[Ride, ...]:
    """Read the newest rides named in the log, the newest first; a scan would read the whole table."""
    fields = [line.fields for line in reversed(lines)]
    created = [each["ride_id"] for each in fields if each.get("outcome") == "created"]
    ids = list(dict.fromkeys(created))[:NEWEST_RIDES]
    if not ids:
        return ()
    items = tables.batch_get_item(
        RequestItems={table: {"Keys": [{"RideId": {"S": ride_id}} for ride_id in ids]}}
    )["Responses"][table]
    rides = {
        item["RideId"]["S"]: Ride(
            item["RideId"]["S"], item["RequestTime"]["S"], item["UnicornName"]["S"]
        )
        for item in items
    }
    return tuple(rides[ride_id] for ride_id in ids if ride_id in rides)


def bytes_per_request(lines: tuple[LogLine, ...]) -> float:
    """Return how many bytes a request logs on average: CloudWatch's size of these lines per REPORT in them."""
    reports = sum(line.fields.get("type") == "platform.report" for line in lines)
    size = sum(len(line.message.encode()) + EVENT_OVERHEAD for line in lines)
    return size / reports if reports else 0.0


def alarm_states(metrics: CloudWatchClient, names: tuple[str, ...]) -> tuple[Alarm, ...]:
    """Read the alarms of those names, by name."""
    if not names:
        return ()
    alarms = metrics.describe_alarms(AlarmNames=names)["MetricAlarms"]
    return tuple(
        Alarm(
            alarm["AlarmName"],
            alarm["StateValue"],
            alarm["StateUpdatedTimestamp"].astimezone(UTC),
            alarm.get("StateReason", ""),
        )
        for alarm in sorted(alarms, key=lambda alarm: alarm["AlarmName"])
    )
