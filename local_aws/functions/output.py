"""Parses what a runtime writes to the pipe of its log: printed lines, records in frames, and the end of its init.

AWS's runtime client writes log records in frames to the descriptor in `_LAMBDA_TELEMETRY_LOG_FD`, so that a record of
several lines stays one event. Here printed lines are written to the same pipe, which keeps all in order.
"""

import json
import struct
import time
from dataclasses import dataclass, field

# `FramedTelemetryLogSink` of awslambdaric: type, length in bytes, time in microseconds, then the message.
_HEADER = struct.Struct(">4sIQ")
# A frame that is not AWS's: `bootstrap` writes it, with the monotonic clock, when the runtime waits for a request.
READY_FRAME = b"\xa5\x5a\xff\xff"
_MARK = b"\xa5\x5a"
# "CloudWatch Logs quotas": an event has at most 256 KB; a longer line continues in the next event.
LONGEST_LINE = 256 * 1024
# "Log-level filtering", with the names of Python's levels added.
LEVELS = {
    "TRACE": 0,
    "DEBUG": 1,
    "INFO": 2,
    "WARN": 3,
    "WARNING": 3,
    "ERROR": 4,
    "FATAL": 5,
    "CRITICAL": 5,
}


@dataclass(frozen=True)
class LogEvent:
    """A log event: its time in milliseconds since 1970, and its message."""

    time_ms: int
    message: str


@dataclass
class RuntimeOutput:
    """Turns the bytes of a runtime into events. Printed lines below `level` are dropped, unless it is None."""

    level: str | None = None
    # The monotonic clock when init ended, in nanoseconds.
    ready_ns: int | None = None
    # The time of day then, in milliseconds since 1970.
    ready_ms: int | None = None
    _pending: bytes = b""
    _init: list[LogEvent] = field(default_factory=list)
    _events: list[LogEvent] = field(default_factory=list)
    _last_ms: int = 0

    def feed(self, chunk: bytes) -> None:
        """Parse bytes from the pipe."""
        data = self._pending + chunk
        at = 0
        while at < len(data):
            mark = data.find(_MARK, at)
            at = self._take_lines(data, at, len(data) if mark < 0 else mark, whole=mark < 0)
            if at != mark:
                break
            end = self._take_frame(data, mark)
            if end == mark:
                break
            at = end
        self._pending = data[at:]

    def finish(self) -> None:
        """Complete an unfinished line, as the request has ended."""
        rest, self._pending = self._pending, b""
        if rest:
            self._add_line(rest)

    def take(self) -> tuple[list[LogEvent], list[LogEvent]]:
        """Return the events of init, and the later ones; both are then empty."""
        init, events = self._init, self._events
        self._init, self._events = [], []
        return init, events

    def _take_lines(self, data: bytes, at: int, end: int, *, whole: bool) -> int:
        """Add the lines in data[at:end], except for an incomplete last line if `whole`; returns the end."""
        while at < end:
            after = data.find(b"\n", at, end) + 1
            if not after:
                if whole and end - at < LONGEST_LINE:
                    return at
                after = end
            self._add_line(data[at:after])
            at = after
        return at

    def _take_frame(self, data: bytes, at: int) -> int:
        """Add the record of the frame at `at`; returns the end of the frame, or `at` if it is incomplete."""
        if len(data) < at + _HEADER.size:
            return at
        kind, length, stamp = _HEADER.unpack_from(data, at)
        begin = at + _HEADER.size
        end: int = begin + length
        if len(data) < end:
            return at
        if kind == READY_FRAME:
            self._end_init(stamp)
        else:
            self._add(stamp // 1000, data[begin:end])
        return end

    def _end_init(self, stamp: int) -> None:
        if self.ready_ns is None:
            self.ready_ns = stamp
            self._last_ms = self.ready_ms = max(self._last_ms, _now_ms())
            self._init, self._events = self._events, []

    def _add_line(self, line: bytes) -> None:
        if self.level is None or LEVELS[_level_of(line)] >= LEVELS[self.level]:
            self._add(_now_ms(), line)

    def _add(self, time_ms: int, message: bytes) -> None:
        # CloudWatch requires events in order of time, but a line is read a moment after it was printed.
        self._last_ms = max(self._last_ms, time_ms)
        if message:
            self._events.append(LogEvent(self._last_ms, message.decode("utf-8", "replace")))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _level_of(line: bytes) -> str:
    """Return the level of a printed line: the `level` of a JSON object, or INFO."""
    if not line.startswith(b"{"):
        return "INFO"
    try:
        level = str(json.loads(line).get("level", "")).upper()
    except (ValueError, RecursionError, AttributeError):
        return "INFO"
    return level if level in LEVELS else "INFO"
