"""A function's log lines, worded and filed as Lambda does."""

import json
import math
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from moto.logs.models import logs_backends

from local_aws.functions.environment import Reply
from local_aws.functions.function_version import FunctionVersion
from local_aws.iam.api_call import ApiCall
from local_aws.iam.authorization import denial
from local_aws.iam.principals import role_session


def log_stream_name(version: str) -> str:
    """Name an environment's log stream as Lambda does: `2026/11/22/[$LATEST]` and 32 hex digits."""
    return f"{datetime.now(UTC):%Y/%m/%d}/[{version}]{uuid.uuid4().hex}"


def log_lines(function: FunctionVersion, reply: Reply, started: datetime) -> list[str]:
    """Frame the function's own lines with Lambda's START, END and REPORT, in the function's log format.

    The wording follows "Lambda Telemetry API Event schema reference" and, for JSON, keeps what "Log-level filtering"
    maps to the function's system log level: runtimeDone, the END, only at DEBUG or when the request failed.
    """
    if function.log_format == "JSON":
        return _json_lines(function, reply, started)
    return _text_lines(function, reply)


def write_log(function: FunctionVersion, stream: str, lines: list[str]) -> None:
    """Put the lines into the function's log group, which must exist; what the role may not write is lost, as in AWS."""
    backend = logs_backends[function.account][function.region]
    if function.log_group not in backend.groups or not lines:
        return
    if stream not in backend.groups[function.log_group].streams:
        if not _may(function, "CreateLogStream", stream):
            return
        backend.ensure_log_stream(function.log_group, stream)
    if _may(function, "PutLogEvents", stream):
        now = int(datetime.now(UTC).timestamp() * 1000)
        backend.put_log_events(
            function.log_group, stream, [{"timestamp": now, "message": line} for line in lines]
        )


def _may(function: FunctionVersion, operation: str, stream: str) -> bool:
    names = {"logGroupName": function.log_group, "logStreamName": stream}
    principal = role_session(function.role_arn, function.name)
    return denial(principal, ApiCall("logs", operation, names), function.region) is None


@dataclass(frozen=True)
class _Report:
    """The figures of Lambda's REPORT. Since August 2025 the billed duration holds the init of a cold start."""

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


def _text_lines(function: FunctionVersion, reply: Reply) -> list[str]:
    report = _Report.of(function, reply)
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
    if reply.error_type:
        fields.append(f"Error Type: {reply.error_type}")
    lines = [*reply.lines]
    if reply.status == "timeout":
        lines.append(
            f"{_stamp(datetime.now(UTC))} {reply.request_id} "
            f"Task timed out after {function.timeout_s:.2f} seconds"
        )
    return [
        f"START {head} Version: {function.version}",
        *lines,
        f"END {head}",
        "\t".join(fields),
    ]


def _json_lines(function: FunctionVersion, reply: Reply, started: datetime) -> list[str]:
    report = _Report.of(function, reply)
    metrics: dict[str, float] = {
        "durationMs": round(report.duration_ms, 3),
        "billedDurationMs": report.billed_ms,
        "memorySizeMB": report.memory_mb,
        "maxMemoryUsedMB": report.peak_memory_mb,
    }
    if report.init_ms is not None:
        metrics["initDurationMs"] = round(report.init_ms, 3)
    end: dict[str, object] = {"requestId": reply.request_id, "status": reply.status}
    if reply.error_type:
        end["errorType"] = reply.error_type
    failed = reply.status != "success"
    level = function.system_log_level
    ended = datetime.now(UTC)
    lines: list[str] = []
    if level in ("DEBUG", "INFO"):
        lines.append(
            _event(started, "start", {"requestId": reply.request_id, "version": function.version})
        )
    lines += reply.lines
    if level == "DEBUG" or failed:
        lines.append(
            _event(ended, "runtimeDone", {**end, "metrics": {"durationMs": metrics["durationMs"]}})
        )
    if level in ("DEBUG", "INFO") or failed:
        lines.append(_event(ended, "report", {**end, "metrics": metrics}))
    return lines


def _event(time: datetime, kind: str, record: dict[str, object]) -> str:
    return json.dumps(
        {"time": _stamp(time), "type": f"platform.{kind}", "record": record}, separators=(",", ":")
    )


def _stamp(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03d}Z"
