"""One execution environment: AWS's emulator, and the runtime it starts, for one request at a time."""

import contextlib
import json
import math
import os
import re
import select
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Literal

from local_aws.function_version import FunctionVersion
from local_aws.processes import children, kill_group, peak_memory_mb
from local_aws.toolchain import Toolchain

BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
LOOPBACK = "127.0.0.1"
INVOKE_PATH = "/2015-03-31/functions/function/invocations"
START_LIMIT_S = 10
# Lambda allows ten seconds of init before the function's own timeout counts; past both, the emulator itself hangs.
INIT_LIMIT_S = 10
SAMPLE_S = 0.05
EMULATOR_LINE = re.compile(r"(START|END|REPORT) RequestId: ([0-9a-f-]{36})\b")
TIMED_OUT = re.compile(rb"Task timed out after [0-9.]+ seconds")

Status = Literal["success", "error", "timeout", "failure"]
Spawn = Callable[..., "subprocess.Popen[bytes]"]


class EnvironmentStartError(Exception):
    """The emulator did not start; the message holds what it printed."""


@dataclass(frozen=True)
class Reply:
    """What one request gave: Lambda's payload, the function's own lines, and what was measured.

    `status` is the Telemetry API's; durations in milliseconds, memory in MB; `init_ms` only for a cold start.
    """

    request_id: str
    status: Status
    payload: bytes
    lines: tuple[str, ...]
    duration_ms: float
    init_ms: float | None
    peak_memory_mb: int


class ExecutionEnvironment:
    """A running emulator for one function version.

    A request that ends with anything but success or a handler's own exception leaves it unfit: `fit` is then false
    and the environment must be closed. `spawn` is called as subprocess.Popen is.
    """

    def __init__(
        self,
        function: FunctionVersion,
        toolchain: Toolchain,
        home: Path,
        task_root: Path,
        code_sha256: str,
        log_stream: str,
        variables: Mapping[str, str],
        spawn: Spawn,
    ) -> None:
        self.function = function
        self.code_sha256 = code_sha256
        self.log_stream = log_stream
        self.fit = True
        self._home = home
        self._ready_file = home / "ready"
        self._pending = b""
        self._peak_mb = 0.0
        self._warm = False
        self._port, runtime_port = _free_ports()
        self._process = spawn(
            _emulator_command(
                toolchain, self._port, runtime_port, self._ready_file, function.handler
            ),
            cwd=task_root,
            env={**variables, "AWS_LAMBDA_FUNCTION_TIMEOUT": str(function.timeout_s)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        assert self._process.stdout is not None  # noqa: S101 - it was asked for, three lines above
        self._output = self._process.stdout.fileno()
        os.set_blocking(self._output, False)
        try:
            self._wait_until_listening()
        except BaseException:
            self.close()
            raise

    def invoke(self, payload: bytes, client_context: str | None = None) -> Reply:
        """Send one event (JSON) and wait for its end: an answer, an error, the timeout or a crash."""
        sent = time.monotonic_ns()
        http_status, body = self._exchange(payload, client_context)
        total_ms = (time.monotonic_ns() - sent) / 1e6
        request_id, lines = _own_lines(self._take_lines())
        status, body = self._judge(http_status, body, request_id)
        init_ms = None if self._warm else self._init_ms(sent)
        self._warm = True
        self.fit = status in ("success", "error") and http_status == 200
        return Reply(
            request_id=request_id,
            status=status,
            payload=body,
            lines=tuple(lines),
            duration_ms=min(total_ms - (init_ms or 0.0), self.function.timeout_s * 1000),
            init_ms=init_ms,
            peak_memory_mb=math.ceil(self._peak_mb),
        )

    def close(self) -> None:
        """End the emulator and its runtime, and remove the environment's own folder."""
        runtimes = children(self._process.pid) if self._process.poll() is None else []
        for pid in (*runtimes, self._process.pid):
            kill_group(pid)
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
        shutil.rmtree(self._home, ignore_errors=True)

    def _wait_until_listening(self) -> None:
        deadline = time.monotonic() + START_LIMIT_S
        while time.monotonic() < deadline and self._process.poll() is None:
            with (
                contextlib.suppress(OSError),
                socket.create_connection((LOOPBACK, self._port), timeout=1),
            ):
                return
            time.sleep(0.005)
        raise EnvironmentStartError(
            "The Runtime Interface Emulator did not start: " + " ".join(self._take_lines())
        )

    def _exchange(self, payload: bytes, client_context: str | None) -> tuple[int, bytes]:
        """Return the emulator's HTTP status and body; status 0 if it broke off or never answered."""
        deadline = time.monotonic() + self.function.timeout_s + INIT_LIMIT_S
        connection = HTTPConnection(
            LOOPBACK, self._port, timeout=self.function.timeout_s + INIT_LIMIT_S
        )
        headers = {"X-Amz-Client-Context": client_context} if client_context else {}
        with contextlib.closing(connection):
            try:
                connection.request("POST", INVOKE_PATH, payload, headers)
                answer: socket.socket = connection.sock
                while not self._answer_waiting(answer):
                    self._sample_memory()
                    if time.monotonic() > deadline:
                        return 0, b""
                self._sample_memory()
                response = connection.getresponse()
                return response.status, response.read()
            except (HTTPException, OSError):
                return 0, b""
            finally:
                self._read_output()

    def _answer_waiting(self, answer: socket.socket) -> bool:
        ready, _, _ = select.select([answer.fileno(), self._output], [], [], SAMPLE_S)
        if self._output in ready and not self._read_output():
            time.sleep(
                SAMPLE_S
            )  # the emulator has closed its output; its answer, or its end, is still to come
        return answer.fileno() in ready

    def _read_output(self) -> bool:
        """Keep what has been printed so far; false once the output is closed."""
        with contextlib.suppress(BlockingIOError):
            while chunk := os.read(self._output, 65536):
                self._pending += chunk
            return False
        return True

    def _take_lines(self) -> list[str]:
        self._read_output()
        lines = self._pending.decode("utf-8", "replace").splitlines()
        self._pending = b""
        return lines

    def _sample_memory(self) -> None:
        for pid in children(self._process.pid):
            self._peak_mb = max(self._peak_mb, peak_memory_mb(pid))

    def _init_ms(self, sent: int) -> float | None:
        """Return the time from the first request to the runtime's first wait; None if it never came to that."""
        try:
            return (int(self._ready_file.read_text()) - sent) / 1e6
        except (OSError, ValueError):
            return None

    def _judge(self, http_status: int, body: bytes, request_id: str) -> tuple[Status, bytes]:
        """Tell apart an answer, a handler's exception, a timeout and a crash, and word the last two as Lambda does."""
        if TIMED_OUT.fullmatch(body):
            message = f"RequestId: {request_id} Error: {body.decode()}"
            return "timeout", _error("Sandbox.Timedout", message)
        if http_status == 0:
            message = f"RequestId: {request_id} Error: Runtime exited with error: signal: killed"
            return "failure", _error("Runtime.ExitError", message)
        if http_status != 200:
            return "failure", body
        return ("error" if _is_exception(body, request_id) else "success"), body


def _emulator_command(
    toolchain: Toolchain, port: int, runtime_port: int, ready_file: Path, handler: str
) -> list[str]:
    # -S keeps the developer's packages out of the function's sight: only /var/runtime's stand-in and the zip are there.
    return [
        *_DIE_WITH_PARENT,
        str(toolchain.emulator),
        *("--runtime-interface-emulator-address", f"{LOOPBACK}:{port}"),
        *("--runtime-api-address", f"{LOOPBACK}:{runtime_port}"),
        *("--log-level", "fatal"),
        *_DIE_WITH_PARENT,
        *(str(toolchain.python), "-S", str(BOOTSTRAP), str(ready_file), handler),
    ]


# util-linux has it on every mainstream distribution; without it a kill -9 of this process could leave an emulator.
_SETPRIV = shutil.which("setpriv")
_DIE_WITH_PARENT = [_SETPRIV, "--pdeathsig", "KILL"] if _SETPRIV else []


def _free_ports() -> tuple[int, int]:
    with socket.socket() as first, socket.socket() as second:
        first.bind((LOOPBACK, 0))
        second.bind((LOOPBACK, 0))
        return first.getsockname()[1], second.getsockname()[1]


def _own_lines(lines: list[str]) -> tuple[str, list[str]]:
    """Split the emulator's START, END and REPORT from the function's lines; return the request's id with the latter."""
    request_id = ""
    own: list[str] = []
    for line in lines:
        match = EMULATOR_LINE.match(line)
        if match is None:
            own.append(line)
        elif match[1] == "START":
            request_id = match[2]
    return request_id, own


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
