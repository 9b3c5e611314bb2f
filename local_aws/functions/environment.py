"""One execution environment: AWS's emulator and the processes it starts, for one request at a time."""

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
)
from local_aws.functions.emulator_connection import EmulatorConnection
from local_aws.functions.lineage import next_header
from local_aws.functions.machine import Machine, UnpackedFunction
from local_aws.functions.output import LogEvent, RuntimeOutput
from local_aws.functions.residents import Residents

START_LIMIT_S = 10
# Lambda allows ten seconds of init before the function's own timeout counts; past both, the emulator itself hangs.
INIT_LIMIT_S = 10
SAMPLE_S = 0.05
# The end of the emulator's own output is kept, for error messages.
LONGEST_PRINTED = 65536


class EnvironmentStartError(Exception):
    """The emulator did not start; the message holds what it printed."""


@dataclass(frozen=True)
class Reply:
    """The result of one request: Lambda's payload, what the function logged during init and since, and measurements.

    `status` is the Telemetry API's; `error_type` is set if the runtime died. Durations in milliseconds,
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
        self._warm = False
        addresses = free_addresses()
        self._address = addresses[0]
        self._limit_s = function.timeout_s + INIT_LIMIT_S
        self._emulator = EmulatorConnection(self._address, self._limit_s)
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
        """The seconds since it was started."""
        return time.monotonic() - self._born

    @property
    def alive(self) -> bool:
        """Whether its processes run; one that was killed while idle must not be lent."""
        return not self._processes.ended and self._residents.alive

    def invoke(
        self,
        request_id: str,
        payload: bytes,
        invoked_arn: str,
        client_context: str | None = None,
        trace: str | None = None,
    ) -> Reply:
        """Send one event (JSON, as is the client context); wait for a response, an error, a timeout or a crash.

        `trace` is the tracing header; without one a chain of invocations begins.
        """
        trace = trace or next_header(self.function, None)
        headers = request_headers(request_id, invoked_arn, client_context, trace)
        cold, self._printed = not self._warm, b""
        self._residents.thaw()
        sent_ms = time.time_ns() // 1_000_000
        sent, http_status, body = self._exchange(payload, headers)
        total_ms = (time.monotonic_ns() - sent) / 1e6
        self._output.finish()
        init_events, events = self._output.take()
        printed = self._printed.decode("utf-8", "replace")
        status, error_type, body = judge(http_status, body, printed, request_id)
        self._residents.rest()
        peak_mb = self._residents.peak_mb
        if peak_mb > self.function.memory_mb:
            status, error_type, body = out_of_memory(request_id)
        init_ms = self._init_ms(sent) if cold else None
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
            duration_ms=min(total_ms - (init_ms or 0.0), self.function.timeout_s * 1000),
            init_ms=init_ms,
            peak_memory_mb=math.ceil(min(peak_mb, self.function.memory_mb)),
        )

    def freeze(self) -> None:
        """Stop every process until the next request, as Lambda does; nothing while a request is under way."""
        self._residents.freeze()

    def end(self) -> None:
        """End every process of the environment, from any thread; a running request is aborted."""
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
        """Return when the event was sent, and the emulator's HTTP status and body; status 0 if the connection broke."""
        init = _InitSlot(None if self._warm else self._init_slots)
        sent = time.monotonic_ns()
        try:
            answer = self._emulator.send(payload, headers)
            sampled = sent
            while not self._answer_waiting(answer):
                if time.monotonic_ns() - sampled > SAMPLE_S * 1e9:
                    self._residents.measure()
                    sampled = time.monotonic_ns()
                if self._output.ready_ns is not None:
                    init.release()
                if time.monotonic_ns() - sent > self._limit_s * 1e9:
                    return sent, 0, b""
            self._residents.measure_runtime()
            return sent, *self._emulator.receive()
        except OSError:
            return sent, 0, b""
        finally:
            init.release()
            self._read()

    def _answer_waiting(self, answer: int) -> bool:
        """Wait a moment for the answer, and read the output that comes before it."""
        ready, _, _ = select.select([answer, *self._readers], [], [], SAMPLE_S)
        if answer in ready:
            return True
        self._read()
        return False

    def _read(self) -> None:
        """Read all output that is available now."""
        while ready := select.select(list(self._readers), [], [], 0)[0]:
            for descriptor in ready:
                chunk = os.read(descriptor, 65536)
                if chunk:
                    self._readers[descriptor](chunk)
                else:
                    # Every process has closed it.
                    del self._readers[descriptor]

    def _keep_printed(self, chunk: bytes) -> None:
        self._printed = (self._printed + chunk)[-LONGEST_PRINTED:]

    def _init_ms(self, sent: int) -> float | None:
        """Return the time from the first request to the end of init; None if init did not end."""
        ready = self._output.ready_ns
        return None if ready is None else (ready - sent) / 1e6


class _InitSlot:
    """One of the machine's slots for cold starts, held until it is released; a warm request needs none."""

    def __init__(self, slots: threading.Semaphore | None) -> None:
        self._slots = slots
        if slots:
            slots.acquire()

    def release(self) -> None:
        """Release the slot, if it is still held."""
        if self._slots:
            self._slots.release()
        self._slots = None
