"""An execution environment: AWS's emulator and the processes that it starts, for one request at a time."""

import contextlib
import math
import os
import select
import shutil
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

from local_aws.functions.emulator import (
    Status,
    free_addresses,
    judge,
    out_of_memory,
    request_headers,
    timed_out,
)
from local_aws.functions.emulator_connection import EmulatorConnection
from local_aws.functions.function_version import FunctionVersion
from local_aws.functions.lineage import next_header
from local_aws.functions.machine import Machine, UnpackedFunction
from local_aws.functions.output import LogEvent, RuntimeOutput
from local_aws.functions.residents import Residents

START_LIMIT_S = 10
# "Understanding the Lambda execution environment lifecycle": the limit of the Init phase, and with provisioned
# concurrency, if the function's timeout is not longer.
INIT_LIMIT_S = 10
PROVISIONED_INIT_LIMIT_S = 130
SAMPLE_S = 0.05
# Stands for an HTTP status if there is no response in time.
LATE = -1
# The capacity of a pipe: a read that returns less has emptied it.
READ_BYTES = 65536
# How much of the end of the emulator's own output is stored, for error messages, in bytes.
LONGEST_PRINTED = 65536


class EnvironmentStartError(Exception):
    """The emulator did not start; the message contains its output."""


@dataclass(frozen=True)
class Reply:
    """The result of a request: Lambda's payload, the log events of init and of the request, and measurements.

    `status` is that of the Telemetry API; `error_type` is set if the runtime ended. Durations are in milliseconds,
    memory is in MB. `cold` is true if the runtime was started for this request; `init_ms` is then the duration of init,
    if it succeeded in a phase of its own. The request began at `begun_ms`, in milliseconds since 1970.
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
    init_failed: bool = False


class ExecutionEnvironment:
    """A running emulator for one version of a function.

    After a request that ends with anything but success or an exception of the handler, `fit` is false, and the
    environment must be closed.
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
        self._warm = False
        addresses = free_addresses()
        self._address = addresses[0]
        self._init_limit_s = _init_limit_s(function)
        self._emulator = EmulatorConnection(self._address, self._init_limit_s + function.timeout_s)
        self._processes = machine.start_emulator(unpacked, addresses)
        self._readers = {
            self._processes.output: self._keep_printed,
            self._processes.log: self._output.feed,
        }
        try:
            self._wait_until_listening()
        except BaseException:
            self.close()
            raise
        self._residents = Residents(
            self._processes, function.memory_mb, enclosed=machine.namespaces is not None
        )

    @property
    def age_s(self) -> float:
        """The seconds since it started."""
        return time.monotonic() - self._born

    @property
    def alive(self) -> bool:
        """Whether its processes are running; they may have been killed while it was idle."""
        return not self._processes.ended and self._residents.alive

    def invoke(
        self,
        request_id: str,
        payload: bytes,
        invoked_arn: str,
        client_context: str | None = None,
        trace: str | None = None,
        *,
        init_counts: bool = False,
    ) -> Reply:
        """Send an event (in JSON, like the client context), and wait for a response, an error, a timeout or a crash.

        `trace` is the tracing header; without one, a new chain of invocations begins. With `init_counts`, the time of
        init counts towards the timeout: it is Lambda's second attempt, which is part of the invocation.
        """
        trace = trace or next_header(self.function, None)
        sent_ms = time.time_ns() // 1_000_000
        timeout_ms = self.function.timeout_s * 1000
        deadline = (
            {"deadline_time_in_ms": sent_ms + timeout_ms}
            if init_counts
            else {"timeout_ms": timeout_ms}
        )
        headers = request_headers(request_id, invoked_arn, client_context, trace, deadline)
        cold, self._printed = not self._warm, b""
        self._residents.thaw()
        sent, http_status, body = self._exchange(payload, headers, init_counts=init_counts)
        total_ms = (time.monotonic_ns() - sent) / 1e6
        self._output.finish()
        init_events, events = self._output.take()
        printed = self._printed.decode("utf-8", "replace")
        if http_status == LATE:
            status, error_type, body = timed_out(request_id, self.function.timeout_s)
        else:
            status, error_type, body = judge(http_status, body, printed, request_id)
        self._residents.rest()
        peak_mb = self._residents.peak_mb
        if peak_mb > self.function.memory_mb:
            status, error_type, body = out_of_memory(request_id)
        init_failed = cold and self._output.ready_ns is None
        if init_failed:
            init_events, events = events, []
        init_ms = self._init_ms(sent) if cold and not init_counts else None
        self._warm = True
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
            duration_ms=min(total_ms - (init_ms or 0.0), timeout_ms)
            if init_counts or not init_failed
            else total_ms,
            init_ms=init_ms,
            peak_memory_mb=math.ceil(min(peak_mb, self.function.memory_mb)),
            init_failed=init_failed,
        )

    def freeze(self) -> None:
        """Stop all processes until the next request, as Lambda does, unless a request is running."""
        self._residents.freeze()

    def end(self) -> None:
        """End all processes of the environment, and abort a running request. Thread-safe."""
        self._processes.end()

    def close(self) -> None:
        """End all processes of the environment, and remove its folder."""
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

    def _exchange(
        self, payload: bytes, headers: Mapping[str, str], *, init_counts: bool
    ) -> tuple[int, int, bytes]:
        """Return when the event was sent, and the emulator's HTTP status and body.

        The status is 0 if the connection broke, and LATE if init or the function exceeded its time limit.
        """
        init = _InitSlot(None if self._warm else self._init_slots)
        sent = time.monotonic_ns()
        try:
            answer = self._emulator.send(payload, headers)
            sampled = sent
            while not self._answer_waiting(answer, self._deadline(sent, init_counts=init_counts)):
                if time.monotonic_ns() - sampled > SAMPLE_S * 1e9:
                    self._residents.measure()
                    sampled = time.monotonic_ns()
                if self._output.ready_ns is not None:
                    init.release()
                if time.monotonic_ns() >= self._deadline(sent, init_counts=init_counts):
                    return sent, LATE, b""
            self._residents.measure_runtime()
            return sent, *self._emulator.receive()
        except OSError:
            return sent, 0, b""
        finally:
            init.release()
            self._read()

    def _deadline(self, sent: int, *, init_counts: bool) -> int:
        """Return when the time limit of init or of the request ends, on the monotonic clock in nanoseconds."""
        timeout = self.function.timeout_s * 10**9
        if self._warm or init_counts:
            return sent + timeout
        ready = self._output.ready_ns
        return sent + self._init_limit_s * 10**9 if ready is None else ready + timeout

    def _answer_waiting(self, answer: int, deadline: int) -> bool:
        """Wait a moment for the answer, but not past the deadline, and read output that arrives before it."""
        wait_s = min(SAMPLE_S, max(0.0, (deadline - time.monotonic_ns()) / 1e9))
        # The emulator prints three lines for each request, which need not be read at once.
        waking = self._readers.keys() - {self._processes.output}
        ready, _, _ = select.select([answer, *waking], [], [], wait_s)
        if answer in ready:
            return True
        self._read()
        return False

    def _read(self) -> None:
        """Read all available output."""
        for descriptor, take in list(self._readers.items()):
            with contextlib.suppress(BlockingIOError):
                while len(chunk := os.read(descriptor, READ_BYTES)) == READ_BYTES:
                    take(chunk)
                if chunk:
                    take(chunk)
                else:
                    # Every process has closed it.
                    del self._readers[descriptor]

    def _keep_printed(self, chunk: bytes) -> None:
        self._printed = (self._printed + chunk)[-LONGEST_PRINTED:]

    def _init_ms(self, sent: int) -> float | None:
        """Return the milliseconds from sending the first request to the end of init; None if init did not end."""
        ready = self._output.ready_ns
        return None if ready is None else (ready - sent) / 1e6


def _init_limit_s(function: FunctionVersion) -> int:
    if function.initialization_type == "provisioned-concurrency":
        return max(PROVISIONED_INIT_LIMIT_S, function.timeout_s)
    return INIT_LIMIT_S


class _InitSlot:
    """One of the machine's slots for cold starts, held until `release`; warm requests do not need one."""

    def __init__(self, slots: threading.Semaphore | None) -> None:
        self._slots = slots
        if slots:
            slots.acquire()

    def release(self) -> None:
        """Release the slot, if it is still held."""
        if self._slots:
            self._slots.release()
        self._slots = None
