"""The log of a function: its own events and those of the Lambda platform, in its log group."""

import contextlib
import json
import math
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from moto.logs.exceptions import ResourceAlreadyExistsException
from moto.logs.models import logs_backends

from local_aws.functions.api.roles import may
from local_aws.functions.credentials import session_name
from local_aws.functions.environment import Reply
from local_aws.functions.function_version import FunctionVersion
from local_aws.functions.output import LogEvent
from local_aws.functions.runtime_version import RuntimeVersion
from local_aws.iam.api_call import ApiCall
from local_aws.timestamps import to_the_millisecond

_ERROR_TYPES = ("Runtime.", "Function.", "Extension.", "Sandbox.")


def log_stream_name(version: str) -> str:
    """Return a name for the log stream of an environment: `2026/11/22/[$LATEST]` and 32 hex digits."""
    return f"{datetime.now(UTC):%Y/%m/%d}/[{version}]{uuid.uuid4().hex}"


def log_events(
    function: FunctionVersion, reply: Reply, started: datetime, failed_init: Reply | None = None
) -> list[LogEvent]:
    """Return the function's events and those of the platform, in the function's log format and in order of time.

    They are INIT_START and what init logged for a cold start, INIT_REPORT for each attempt at an init that failed
    (`failed_init` is the first), START, END and REPORT. The wording follows "Lambda Telemetry API Event schema
    reference". For JSON, "Log-level filtering" says which events the function's system log level keeps: runtimeDone,
    which is the END, only at DEBUG or if the request failed.
    """
    report = _Report.of(function, reply)
    render = _json_platform_events if function.log_format == "JSON" else _text_platform_events
    platform = render(function, reply, report, started)
    ended_ms = int(datetime.now(UTC).timestamp() * 1000)
    events = [
        *(LogEvent(int(started.timestamp() * 1000), message) for message in platform.init),
        *(_failed_attempt(function, failed_init, "init") if failed_init else ()),
        *(_failed_attempt(function, reply, "invoke") if reply.init_failed else reply.init_events),
        *(LogEvent(reply.begun_ms, message) for message in platform.start),
        *reply.events,
        *(LogEvent(ended_ms, message) for message in platform.end),
    ]
    return list(_in_order(events))


def _failed_attempt(function: FunctionVersion, reply: Reply, phase: str) -> Iterator[LogEvent]:
    """Yield the events of a failed init, and its report."""
    yield from reply.init_events
    ended_ms = reply.begun_ms + int(reply.duration_ms)
    if function.log_format == "Text":
        yield LogEvent(ended_ms, _text_init_report(reply, phase))
    else:
        ended = datetime.fromtimestamp(ended_ms / 1000, UTC)
        yield LogEvent(ended_ms, _event(ended, "initReport", _init_report(reply, phase)))


def _text_init_report(reply: Reply, phase: str) -> str:
    fields = [
        f"INIT_REPORT Init Duration: {reply.duration_ms:.2f} ms",
        f"Phase: {phase}",
        f"Status: {reply.status}",
    ]
    if error_type := _error_type(reply):
        fields.append(f"Error Type: {error_type}")
    return "\t".join(fields) + "\n"


def _init_report(reply: Reply, phase: str) -> dict[str, object]:
    error_type = _error_type(reply)
    return {
        "initializationType": "on-demand",
        "phase": phase,
        "status": reply.status,
        **({"errorType": error_type} if error_type else {}),
        "metrics": {"durationMs": round(reply.duration_ms, 3)},
    }


def _error_type(reply: Reply) -> str | None:
    """Return the error type in platform events: of the types that runtimes report, the platform knows only its own."""
    if reply.error_type is None or reply.error_type.startswith(_ERROR_TYPES):
        return reply.error_type
    return "Runtime.Unknown"


def write_log(function: FunctionVersion, stream: str, events: list[LogEvent]) -> None:
    """Write events to the function's log group; as in AWS, they are lost if the role lacks the permission."""
    backend = logs_backends[function.account][function.region]
    if not events:
        return
    if function.log_group not in backend.groups:
        if not _may(function, "CreateLogGroup", stream):
            return
        with contextlib.suppress(ResourceAlreadyExistsException):
            backend.create_log_group(function.log_group, {})
    if stream not in backend.groups[function.log_group].streams:
        if not _may(function, "CreateLogStream", stream):
            return
        backend.ensure_log_stream(function.log_group, stream)
    if _may(function, "PutLogEvents", stream):
        records = [{"timestamp": event.time_ms, "message": event.message} for event in events]
        backend.put_log_events(function.log_group, stream, records)


def _may(function: FunctionVersion, operation: str, stream: str) -> bool:
    names = {"logGroupName": function.log_group}
    if operation != "CreateLogGroup":
        names["logStreamName"] = stream
    call = ApiCall("logs", operation, names)
    return may(function.role_arn, session_name(function.name), call, function.region)


def _in_order(events: Iterable[LogEvent]) -> Iterator[LogEvent]:
    """Yield events with times that do not decrease, as CloudWatch requires."""
    last_ms = 0
    for event in events:
        last_ms = max(last_ms, event.time_ms)
        yield event if event.time_ms == last_ms else LogEvent(last_ms, event.message)


@dataclass(frozen=True)
class _Report:
    """The figures in Lambda's REPORT. Since August 2025 the billed duration includes the init of a cold start."""

    duration_ms: float
    billed_ms: int
    memory_mb: int
    peak_memory_mb: int
    init_ms: float | None

    @classmethod
    def of(cls, function: FunctionVersion, reply: Reply) -> "_Report":
        billed = math.ceil(reply.duration_ms + (reply.init_ms or 0.0))
        return cls(
            reply.duration_ms, billed, function.memory_mb, reply.peak_memory_mb, reply.init_ms
        )


@dataclass(frozen=True)
class _PlatformEvents:
    """The platform's messages of a request: before init, before the handler, and after it."""

    init: list[str]
    start: list[str]
    end: list[str]


def _text_platform_events(
    function: FunctionVersion, reply: Reply, report: _Report, _started: datetime
) -> _PlatformEvents:
    head = f"RequestId: {reply.request_id}"
    fields = [
        f"REPORT {head}",
        f"Duration: {report.duration_ms:.2f} ms",
        f"Billed Duration: {report.billed_ms} ms",
        f"Memory Size: {report.memory_mb} MB",
        f"Max Memory Used: {report.peak_memory_mb} MB",
    ]
    if report.init_ms is not None:
        fields.append(f"Init Duration: {report.init_ms:.2f} ms")
    if reply.status == "timeout" or reply.error_type:
        fields.append(f"Status: {reply.status}")
    if error_type := _error_type(reply):
        fields.append(f"Error Type: {error_type}")
    runtime = RuntimeVersion.of(function.runtime, function.region)
    init = f"INIT_START Runtime Version: {runtime.name}\tRuntime Version ARN: {runtime.arn}\n"
    timed_out = (
        f"{to_the_millisecond(datetime.now(UTC))} {reply.request_id} "
        f"Task timed out after {function.timeout_s:.2f} seconds\n"
    )
    return _PlatformEvents(
        init=[init] if reply.cold else [],
        start=[f"START {head} Version: {function.version}\n"],
        end=[
            *([timed_out] if reply.status == "timeout" else []),
            f"END {head}\n",
            "\t".join(fields) + "\t\n",
        ],
    )


def _json_platform_events(
    function: FunctionVersion, reply: Reply, report: _Report, started: datetime
) -> _PlatformEvents:
    metrics: dict[str, float] = {
        "durationMs": round(report.duration_ms, 3),
        "billedDurationMs": report.billed_ms,
        "memorySizeMB": report.memory_mb,
        "maxMemoryUsedMB": report.peak_memory_mb,
    }
    if report.init_ms is not None:
        metrics["initDurationMs"] = round(report.init_ms, 3)
    end: dict[str, object] = {"requestId": reply.request_id, "status": reply.status}
    if error_type := _error_type(reply):
        end["errorType"] = error_type
    done = {**end, "metrics": {"durationMs": metrics["durationMs"]}}
    begun, ended = datetime.fromtimestamp(reply.begun_ms / 1000, UTC), datetime.now(UTC)
    failed, level = reply.status != "success", function.system_log_level
    informed = level in ("DEBUG", "INFO")
    start = {"requestId": reply.request_id, "version": function.version}
    return _PlatformEvents(
        init=[_event(started, "initStart", _init_record(function))]
        if informed and reply.cold
        else [],
        start=[_event(begun, "start", start)] if informed else [],
        end=[
            *([_event(ended, "runtimeDone", done)] if level == "DEBUG" or failed else []),
            *([_event(ended, "report", {**end, "metrics": metrics})] if informed or failed else []),
        ],
    )


def _init_record(function: FunctionVersion) -> dict[str, object]:
    runtime = RuntimeVersion.of(function.runtime, function.region)
    return {
        "initializationType": "on-demand",
        "phase": "init",
        "runtimeVersion": runtime.name,
        "runtimeVersionArn": runtime.arn,
        "functionName": function.name,
        "functionVersion": function.version,
        "instanceMaxMemory": function.memory_mb * 1024 * 1024,
    }


def _event(time: datetime, kind: str, record: Mapping[str, object]) -> str:
    event = {"time": to_the_millisecond(time), "type": f"platform.{kind}", "record": record}
    return json.dumps(event, separators=(",", ":")) + "\n"
