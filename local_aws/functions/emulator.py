"""AWS's Runtime Interface Emulator: its command, its requests, and the meaning of its responses."""

import base64
import json
import re
import secrets
import socket
from collections.abc import Mapping
from typing import Literal

from local_aws.functions.function_version import FunctionVersion
from local_aws.functions.layout import Layout

INVOKE_PATH = "/2015-03-31/functions/function/invocations"
# Follows AWS's start script; the output of the wrapper is logged.
WRAPPER_SCRIPT = """
exec >"/proc/self/fd/$_LAMBDA_TELEMETRY_LOG_FD" 2>&1
[ -f "$1" ] || { echo "$1: does not exist"; exit 127; }
[ -x "$1" ] || { echo "$1: is not an executable"; exit 126; }
exec "$@"
"""
_START = re.compile(r"^START RequestId: ([0-9a-f-]{36})\b", re.MULTILINE)
_EXIT_STATUS = re.compile(
    r"Runtime exited with error: (exit status \d+|signal: [a-z]+(?:[ -][a-z]+)*)"
)

Status = Literal["success", "error", "timeout"]
Address = tuple[str, int]
Addresses = tuple[Address, Address]
Verdict = tuple[Status, str | None, bytes]


def emulator_command(layout: Layout, addresses: Addresses, function: FunctionVersion) -> list[str]:
    """Return the command that serves one execution environment.

    It serves Invoke at the first address, and the runtime API at the second one.
    """
    # -S hides the developer's packages: the function can import only the runtime's packages and its own.
    runtime = [str(layout.python), "-S", str(layout.bootstrap), str(layout.opt), function.handler]
    if wrapper := dict(function.variables).get("AWS_LAMBDA_EXEC_WRAPPER"):
        runtime = ["/bin/sh", "-c", WRAPPER_SCRIPT, "bootstrap", wrapper, *runtime]
    address, runtime_address = addresses
    return [
        str(layout.emulator),
        *("--runtime-interface-emulator-address", _text(address)),
        *("--runtime-api-address", _text(runtime_address)),
        *("--log-level", "warn"),
        *runtime,
    ]


def free_addresses() -> Addresses:
    """Return two free ports of a random one of loopback's 16 million addresses.

    Other programs do not use that address; a free port of 127.0.0.1 may be taken by a connection at any moment.
    """
    host = f"127.{1 + secrets.randbelow(254)}.{secrets.randbelow(256)}.{1 + secrets.randbelow(254)}"
    with socket.socket() as first, socket.socket() as second:
        first.bind((host, 0))
        second.bind((host, 0))
        return first.getsockname(), second.getsockname()


def _text(address: Address) -> str:
    host, port = address
    return f"{host}:{port}"


def request_headers(
    request_id: str,
    invoked_arn: str,
    client_context: str | None,
    trace: str,
    deadline: Mapping[str, int],
) -> dict[str, str]:
    """Return headers for what the emulator does not pass to the runtime; `client_context` is the caller's, in JSON.

    They are sent as the client context, which the emulator passes on unchanged, and `bootstrap` unpacks them. The
    deadline is a `deadline_time_in_ms` since 1970, or a `timeout_ms` from when the runtime gets the request.
    """
    about = {
        **deadline,
        "client_context": client_context,
        "invoke_id": request_id,
        "invoked_function_arn": invoked_arn,
        "x_amzn_trace_id": trace,
    }
    return {"X-Amz-Client-Context": base64.b64encode(json.dumps(about).encode()).decode("ascii")}


def judge(http_status: int, body: bytes, printed: str, request_id: str) -> Verdict:
    """Classify the emulator's response: a result, an exception of the handler, or the end of the runtime.

    `http_status` is 0 if the connection broke; `printed` is the emulator's output, which has its own request id.
    Returns the status, the error type if the runtime ended, and Lambda's payload.
    """
    if http_status == 0:
        return _killed("Runtime.ExitError", request_id)
    if http_status != 200:
        return _failure(body, printed, request_id)
    return ("error" if _is_exception(body, request_id) else "success"), None, body


def timed_out(request_id: str, timeout_s: int) -> Verdict:
    """Return Lambda's error for a function that exceeds its timeout."""
    message = f"RequestId: {request_id} Error: Task timed out after {timeout_s:.2f} seconds"
    return "timeout", None, _error("Sandbox.Timedout", message)


def out_of_memory(request_id: str) -> Verdict:
    """Return Lambda's error for a function that exceeds its memory."""
    return _killed("Runtime.OutOfMemory", request_id)


def _failure(body: bytes, printed: str, request_id: str) -> Verdict:
    """Return the emulator's error with Invoke's request id; if the runtime ends in init, only its status is known."""
    try:
        error_type = json.loads(body)["errorType"]
    except (ValueError, LookupError, TypeError):
        status = _EXIT_STATUS.search(printed)
        reason = f"with error: {status[1]}" if status else "without providing a reason"
        message = f"RequestId: {request_id} Error: Runtime exited {reason}"
        return "error", "Runtime.ExitError", _error("Runtime.ExitError", message)
    if begun := _START.search(printed):
        body = body.replace(begun[1].encode(), request_id.encode())
    return "error", error_type, body


def _killed(error_type: str, request_id: str) -> Verdict:
    message = f"RequestId: {request_id} Error: Runtime exited with error: signal: killed"
    return "error", error_type, _error(error_type, message)


def _is_exception(body: bytes, request_id: str) -> bool:
    """Whether the body is the runtime client's report of an exception in this request."""
    if b'"errorType"' not in body:
        return False
    report = json.loads(body)
    return (
        isinstance(report, dict)
        and report.get("requestId") == request_id
        and "stackTrace" in report
    )


def _error(error_type: str, message: str) -> bytes:
    return json.dumps(
        {"errorType": error_type, "errorMessage": message}, separators=(",", ":")
    ).encode()
