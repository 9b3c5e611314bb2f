"""AWS's Runtime Interface Emulator: how it is started, what it prints, and what its answers mean."""

import base64
import json
import re
import secrets
import socket
from typing import Literal

from local_aws.functions.function_version import FunctionVersion
from local_aws.functions.layout import Layout

INVOKE_PATH = "/2015-03-31/functions/function/invocations"
# As AWS's own start script has it; what the wrapper prints belongs to the log.
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
_TIMED_OUT = re.compile(rb"Task timed out after [0-9.]+ seconds")

Status = Literal["success", "error", "timeout"]
Address = tuple[str, int]
Addresses = tuple[Address, Address]
Verdict = tuple[Status, str | None, bytes]


def emulator_command(layout: Layout, addresses: Addresses, function: FunctionVersion) -> list[str]:
    """Return the command that serves one execution environment.

    It answers Invoke at the first address, and has its runtime API at the other.
    """
    # -S keeps the developer's packages out of the function's sight: only /var/runtime's stand-in and the zip are there.
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
    """Return two ports of one of loopback's 16 million hosts, taken at random.

    Nobody else takes them; a port of 127.0.0.1 that is free now may be some connection's the next moment.
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
    request_id: str, invoked_arn: str, client_context: str | None, trace: str
) -> dict[str, str]:
    """Return headers that tell the runtime what the emulator does not; `client_context` is the caller's, as JSON.

    They travel as the client context, which the emulator hands on unread; `bootstrap` unpacks them.
    """
    about = {
        "client_context": client_context,
        "invoke_id": request_id,
        "invoked_function_arn": invoked_arn,
        "x_amzn_trace_id": trace,
    }
    return {"X-Amz-Client-Context": base64.b64encode(json.dumps(about).encode()).decode("ascii")}


def judge(http_status: int, body: bytes, printed: str, request_id: str) -> Verdict:
    """Tell apart an answer, a handler's exception, a timeout and a runtime's death.

    `http_status` is 0 if the emulator broke off; `printed` is what the emulator itself printed, its own id of the
    request among it. Returns the status, the error type of a death, and the payload, worded as Lambda words it.
    """
    if _TIMED_OUT.fullmatch(body):
        message = f"RequestId: {request_id} Error: {body.decode()}"
        return "timeout", None, _error("Sandbox.Timedout", message)
    if http_status == 0:
        return _killed("Runtime.ExitError", request_id)
    if http_status != 200:
        return _failure(body, printed, request_id)
    return ("error" if _is_exception(body, request_id) else "success"), None, body


def out_of_memory(request_id: str) -> Verdict:
    """Return what Lambda says of a function that went past its memory."""
    return _killed("Runtime.OutOfMemory", request_id)


def _failure(body: bytes, printed: str, request_id: str) -> Verdict:
    """Pass on the emulator's error under our id; of a runtime that ends during init it only prints how that ended."""
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
    """Whether the body is the runtime client's report of an exception: it names this very request."""
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
