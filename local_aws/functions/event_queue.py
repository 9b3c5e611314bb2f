"""Asynchronous invocations: a queue with Lambda's retries."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from local_aws.functions.environment import Reply
from local_aws.functions.function_version import FunctionVersion
from local_aws.functions.pool import CONCURRENCY_LIMIT
from local_aws.reports import report

# "How Lambda handles errors and retries with asynchronous invocation": after an error of the function, at most two more
# attempts, after one and two minutes; a throttled event waits from one second up to five minutes.
RETRY_DELAYS_S = (60.0, 120.0)
THROTTLED_DELAY_S = 1.0
THROTTLED_DELAY_LIMIT_S = 300.0

# Why there are no more attempts for an event, as records for destinations name it.
Condition = Literal["Success", "RetriesExhausted", "EventAgeExceeded", "ZeroReservedConcurrency"]


@dataclass(frozen=True)
class QueuedEvent:
    """An event (in JSON), the number of failed attempts, and when it was received.

    `function` returns the version to run at the beginning of an attempt. All attempts have the same request id. `trace`
    is the tracing header of the event; `throttled` is how often it was throttled since it last ran.
    """

    function: Callable[[], FunctionVersion]
    payload: bytes
    client_context: str | None
    trace: str | None = None
    attempts: int = 0
    throttled: int = 0
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    received: datetime = field(default_factory=lambda: datetime.now(UTC))

    def after_failure(self) -> "QueuedEvent":
        """Return the event with one more failed attempt."""
        return replace(self, attempts=self.attempts + 1, throttled=0)

    def after_throttle(self) -> "QueuedEvent":
        """Return the event, throttled once more."""
        return replace(self, throttled=self.throttled + 1)


@dataclass(frozen=True)
class Attempt:
    """The result of an attempt: the version of the function, and its reply; None if it was throttled."""

    function: FunctionVersion
    reply: Reply | None

    @property
    def succeeded(self) -> bool:
        """Whether the function succeeded."""
        return self.reply is not None and self.reply.status == "success"

    @property
    def hopeless(self) -> bool:
        """Whether the function will always be throttled: it reserves a concurrency of 0."""
        return self.reply is None and self.function.reserved_concurrency == 0


class EventQueue:
    """Runs each event with `run`, with retries, and calls `ended` with the event and its last attempt."""

    def __init__(
        self,
        run: Callable[[QueuedEvent], Attempt],
        ended: Callable[[QueuedEvent, Attempt, Condition], None],
        retry_delays_s: tuple[float, ...] = RETRY_DELAYS_S,
        throttled_delay_s: float = THROTTLED_DELAY_S,
    ) -> None:
        self._run = run
        self._ended = ended
        self._retry_delays_s = retry_delays_s
        self._throttled_delay_s = throttled_delay_s
        self._lock = threading.Lock()
        self._waiting: set[threading.Timer] = set()
        self._closed = False
        self._workers = ThreadPoolExecutor(CONCURRENCY_LIMIT, thread_name_prefix="event")

    def put(self, event: QueuedEvent) -> None:
        """Queue the event; it runs as soon as a worker is free."""
        with self._lock:
            if not self._closed:
                self._workers.submit(self._attempt, event)

    def close(self) -> None:
        """Drop the events that are not running."""
        with self._lock:
            self._closed = True
            for timer in self._waiting:
                timer.cancel()
        self._workers.shutdown(wait=False, cancel_futures=True)

    def _attempt(self, event: QueuedEvent) -> None:
        try:
            attempt = self._run(event)
            if attempt.succeeded:
                self._ended(event, attempt, "Success")
            elif attempt.hopeless:
                self._give_up(event, attempt, "ZeroReservedConcurrency")
            elif attempt.reply is None:
                self._throttled(event, attempt)
            else:
                self._failed(event, attempt)
        # Otherwise nobody would see it: the worker's future is not read.
        except Exception as error:
            report(f"an asynchronous event is lost: {error}")

    def _failed(self, event: QueuedEvent, attempt: Attempt) -> None:
        retries = min(attempt.function.asynchronous.maximum_retries, len(self._retry_delays_s))
        if event.attempts >= retries:
            self._give_up(event, attempt, "RetriesExhausted")
        else:
            delay_s = self._retry_delays_s[event.attempts]
            self._put_back(event, event.after_failure(), attempt, delay_s)

    def _throttled(self, event: QueuedEvent, attempt: Attempt) -> None:
        delay_s = min(self._throttled_delay_s * 2**event.throttled, THROTTLED_DELAY_LIMIT_S)
        self._put_back(event, event.after_throttle(), attempt, delay_s)

    def _put_back(
        self, event: QueuedEvent, later: QueuedEvent, attempt: Attempt, delay_s: float
    ) -> None:
        """Retry the event later, unless it would then be too old."""
        age = datetime.now(UTC) - event.received + timedelta(seconds=delay_s)
        if age.total_seconds() >= attempt.function.asynchronous.maximum_age_s:
            self._give_up(event, attempt, "EventAgeExceeded")
        else:
            self._put_later(later, delay_s)

    def _give_up(self, event: QueuedEvent, attempt: Attempt, condition: Condition) -> None:
        report(f"gave up an asynchronous event after {event.attempts + 1} attempts: {condition}.")
        self._ended(event, attempt, condition)

    def _put_later(self, event: QueuedEvent, delay_s: float) -> None:
        def put() -> None:
            with self._lock:
                self._waiting.discard(timer)
            self.put(event)

        timer = threading.Timer(delay_s, put)
        timer.name, timer.daemon = "event-retry", True
        with self._lock:
            if not self._closed:
                self._waiting.add(timer)
                timer.start()
