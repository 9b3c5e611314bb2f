"""One execution environment: AWS's emulator, and all that it starts, for one request at a time."""

import contextlib
import math
import os
import select
import shutil
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from local_aws.functions.emulator import (
    INVOKE_PATH,
    Status,
    emulator_command,
    free_addresses,
    judge,
    out_of_memory,
    request_headers,
)
from local_aws.functions.function_version import FunctionVersion
from local_aws.functions.layout import Layout, lambda_layout, plain_layout
from local_aws.functions.namespaces import Namespaces
from local_aws.functions.output import LogEvent, RuntimeOutput
from local_aws.functions.recursion import next_header
from local_aws.functions.toolchain import Toolchain
from local_aws.processes.linux import children, peak_memory_mb
from local_aws.processes.members import Members, resume
from local_aws.processes.tree import ProcessTree

START_LIMIT_S = 10
# Lambda allows ten seconds of init before the function's own timeout counts; past both, the emulator itself hangs.
INIT_LIMIT_S = 10
SAMPLE_S = 0.05
# Of what the emulator itself prints, which is only to say how it failed.
LONGEST_PRINTED = 65536

Start = Callable[[Sequence[str], Path, Mapping[str, str]], ProcessTree]


class EnvironmentStartError(Exception):
    """The emulator did not start; the message holds what it printed."""


@dataclass(frozen=True)
class Reply:
    """The result of one request: Lambda's payload, what the function logged during init and since, and measurements.

    `status` is the Telemetry API's; `error_type` says how the runtime died, if it did. Durations in milliseconds,
    memory in MB; `cold` if the runtime was started for this request, `init_ms` if it then got past its init. The
    request began at `begun_ms`, in milliseconds since 1970.
    """

    request_id: str
    status: Status
    error_type: str | None
    payload: bytes
    init_events: tuple[LogEvent, ...]
    events: tuple[LogEvent, ...]
    cold: bool
    begun_ms: int
    duration_ms: float
    init_ms: float | None
    peak_memory_mb: int


@dataclass(frozen=True)
class Machine:
    """What every environment starts with: AWS's parts, namespaces if it may have them, and what starts commands.

    A cold start holds one of `init_slots` until its runtime is ready.
    """

    toolchain: Toolchain
    namespaces: Namespaces | None
    start: Start
    init_slots: threading.Semaphore

    def layout(self, task_root: Path, opt: Path) -> Layout:
        """Return where a function finds what is in these folders, and all the rest."""
        if self.namespaces:
            return lambda_layout(self.toolchain)
        return plain_layout(self.toolchain, task_root, opt)


@dataclass(frozen=True)
class UnpackedFunction:
    """A function version laid out for one environment, in the folder `home` that goes with it.

    `task_root` is the unpacked zip, `opt` its layers, `code_sha256` the hash of that zip in base64, `variables` all
    that the function sees in its environment.
    """

    function: FunctionVersion
    home: Path
    task_root: Path
    opt: Path
    code_sha256: str
    log_stream: str
    variables: Mapping[str, str]


class ExecutionEnvironment:
    """A running emulator for one function version.

    A request that ends with anything but success or a handler's own exception leaves it unfit: `fit` is then false
    and the environment must be closed.
    """

    def __init__(self, machine: Machine, unpacked: UnpackedFunction) -> None:
        self.function = function = unpacked.function
        self.code_sha256 = unpacked.code_sha256
        self.log_stream = unpacked.log_stream
        self.fit = True
        self.idle_since = self._born = time.monotonic()
        self._init_slots = machine.init_slots
        self._home = unpacked.home
        self._printed = b""
        self._output = RuntimeOutput(
            function.application_log_level if function.log_format == "JSON" else None
        )
        self._warm = self._in_use = False
        self._freezing = threading.Lock()
        self._frozen: list[int] = []
        # The process that the emulator started, once it has.
        self._runtime = 0
        self._peak_mb = 0.0
        addresses = free_addresses()
        self._address = addresses[0]
        self._limit_s = function.timeout_s + INIT_LIMIT_S
        self._emulator = HTTPConnection(*self._address, timeout=self._limit_s)
        layout = machine.layout(unpacked.task_root, unpacked.opt)
        command = emulator_command(layout, addresses, function)
        if machine.namespaces:
            command = machine.namespaces.enclose(
                command,
                machine.toolchain,
                unpacked.task_root,
                unpacked.opt,
                function.ephemeral_storage_mb,
            )
        variables = {
            **unpacked.variables,
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(function.timeout_s),
        }
        self._processes = machine.start(command, unpacked.task_root, variables)
        self._readers = {
            self._processes.output: self._keep_printed,
            self._processes.log: self._output.feed,
        }
        try:
            self._wait_until_listening()
            self._members = self._find_members(enclosed=machine.namespaces is not None)
        except BaseException:
            self.close()
            raise

    @property
    def age_s(self) -> float:
        """The seconds since it was started."""
        return time.monotonic() - self._born

    @property
    def alive(self) -> bool:
        """Whether its processes run; one that was killed while idle must not be lent."""
        if self._processes.ended:
            return False
        needed = [self._members.starter, *([self._runtime] if self._warm else [])]
        return all(peak_memory_mb(pid) for pid in needed)

    def invoke(
        self,
        request_id: str,
        payload: bytes,
        invoked_arn: str,
        client_context: str | None = None,
        trace: str | None = None,
    ) -> Reply:
        """Send one event, JSON as is the client context; wait for an answer, an error, the timeout or a crash.

        `trace` is the tracing header; without one a chain of invocations begins.
        """
        trace = trace or next_header(self.function, None)
        headers = request_headers(request_id, invoked_arn, client_context, trace)
        cold, self._printed = not self._warm, b""
        self._thaw()
        sent_ms = time.time_ns() // 1_000_000
        sent, http_status, body = self._exchange(payload, headers)
        total_ms = (time.monotonic_ns() - sent) / 1e6
        self._output.finish()
        init_events, events = self._output.take()
        printed = self._printed.decode("utf-8", "replace")
        status, error_type, body = judge(http_status, body, printed, request_id)
        if self._peak_mb > self.function.memory_mb:
            status, error_type, body = out_of_memory(request_id)
        init_ms = self._init_ms(sent) if cold else None
        self._warm, self._in_use = True, False
        self.fit = status != "timeout" and error_type is None
        return Reply(
            request_id=request_id,
            status=status,
            error_type=error_type,
            payload=body,
            init_events=tuple(init_events),
            events=tuple(events),
            cold=cold,
            begun_ms=self._output.ready_ms if cold and self._output.ready_ms else sent_ms,
            duration_ms=min(total_ms - (init_ms or 0.0), self.function.timeout_s * 1000),
            init_ms=init_ms,
            peak_memory_mb=math.ceil(min(self._peak_mb, self.function.memory_mb)),
        )

    def freeze(self) -> None:
        """Stop every process until the next request, as Lambda does; nothing while a request is under way."""
        with self._freezing:
            if not self._in_use and not self._frozen:
                self._frozen = self._members.stop()

    def _thaw(self) -> None:
        with self._freezing:
            self._in_use = True
            resume(self._frozen)
            self._frozen = []

    def end(self) -> None:
        """End every process of the environment, from any thread; a request under way breaks off."""
        self._processes.end()

    def close(self) -> None:
        """End every process of the environment, and remove its folder."""
        self._emulator.close()
        self._processes.close()
        shutil.rmtree(self._home, ignore_errors=True)

    def _wait_until_listening(self) -> None:
        deadline = time.monotonic() + START_LIMIT_S
        while time.monotonic() < deadline and not self._processes.ended:
            with (
                contextlib.suppress(OSError),
                socket.create_connection(self._address, timeout=1),
            ):
                return
            time.sleep(0.005)
        self._read()
        printed = self._printed.decode("utf-8", "replace")
        raise EnvironmentStartError(f"The Runtime Interface Emulator did not start: {printed}")

    def _exchange(self, payload: bytes, headers: Mapping[str, str]) -> tuple[int, int, bytes]:
        """Return when the event was sent, and the emulator's HTTP status and body; status 0 if it broke off."""
        init = _InitSlot(None if self._warm else self._init_slots)
        sent = time.monotonic_ns()
        try:
            self._emulator.request("POST", INVOKE_PATH, payload, headers)
            answer: socket.socket = self._emulator.sock
            sampled = sent
            while not self._answer_waiting(answer):
                if time.monotonic_ns() - sampled > SAMPLE_S * 1e9:
                    self._sample_memory()
                    sampled = time.monotonic_ns()
                if self._output.ready_ns is not None:
                    init.release()
                if time.monotonic_ns() - sent > self._limit_s * 1e9:
                    return sent, 0, b""
            self._note_memory(peak_memory_mb(self._runtime or self._find_runtime()))
            response = self._emulator.getresponse()
            return sent, response.status, response.read()
        except (HTTPException, OSError):
            return sent, 0, b""
        finally:
            init.release()
            self._read()

    def _answer_waiting(self, answer: socket.socket) -> bool:
        ready, _, _ = select.select([answer.fileno(), *self._readers], [], [], SAMPLE_S)
        self._read()
        return answer.fileno() in ready

    def _read(self) -> None:
        """Take in what has been printed and logged so far."""
        for descriptor, take_in in list(self._readers.items()):
            with contextlib.suppress(BlockingIOError):
                while chunk := os.read(descriptor, 65536):
                    take_in(chunk)
                # Every process has closed it.
                del self._readers[descriptor]

    def _keep_printed(self, chunk: bytes) -> None:
        self._printed = (self._printed + chunk)[-LONGEST_PRINTED:]

    def _sample_memory(self) -> None:
        """Note the memory of all processes."""
        self._note_memory(self._members.memory_mb())

    def _note_memory(self, measured_mb: float) -> None:
        """Keep the highest, and end all processes if that is more than the function may have."""
        if measured_mb > self.function.memory_mb:
            self._members.kill()
        self._peak_mb = max(self._peak_mb, measured_mb)

    def _find_runtime(self) -> int:
        self._runtime = self._members.first()
        return self._runtime

    def _find_members(self, *, enclosed: bool) -> Members:
        """Return the processes that the emulator starts; in namespaces, bubblewrap's second process adopts orphans."""
        if not enclosed:
            return Members(self._processes.pid, self._processes.keeper)
        reaper = children(self._processes.pid)[0]
        return Members(min(children(reaper)), reaper)

    def _init_ms(self, sent: int) -> float | None:
        """Return the time from the first request to the runtime's first wait; None if it never came to that."""
        ready = self._output.ready_ns
        return None if ready is None else (ready - sent) / 1e6


class _InitSlot:
    """One of the machine's places for cold starts, from now until it is released; none is needed for a warm one."""

    def __init__(self, slots: threading.Semaphore | None) -> None:
        self._slots = slots
        if slots:
            slots.acquire()

    def release(self) -> None:
        """Give the place back, if it is still held."""
        if self._slots:
            self._slots.release()
        self._slots = None
