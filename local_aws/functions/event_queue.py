"""Asynchronous invocations: queued, answered to nobody, tried again as Lambda tries them."""

import sys
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from local_aws.functions.function_version import FunctionVersion
from local_aws.functions.pool import CONCURRENCY_LIMIT, ThrottledError

# "How Lambda handles errors and retries with asynchronous invocation": two more attempts after a function's error,
# one minute and two minutes later; a throttled event goes back to the queue.
RETRY_DELAYS_S = (60.0, 120.0)
THROTTLED_DELAY_S = 1.0


@dataclass(frozen=True)
class QueuedEvent:
    """An event (JSON) for a function as it is when an attempt begins, the failed attempts, and when it was received.

    Every attempt has the same request id.
    """

    function: Callable[[], FunctionVersion]
    payload: bytes
    client_context: str | None
    attempts: int = 0
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    received: datetime = field(default_factory=lambda: datetime.now(UTC))

    def after_failure(self) -> "QueuedEvent":
        """Return the event with one more failed attempt."""
        return replace(self, attempts=self.attempts + 1)


class EventQueue:
    """Runs each event with `run`, which tells whether the function succeeded; `drop` hears of those given up."""

    def __init__(
        self,
        run: Callable[[QueuedEvent], bool],
        drop: Callable[[QueuedEvent], None],
        retry_delays_s: tuple[float, ...] = RETRY_DELAYS_S,
        throttled_delay_s: float = THROTTLED_DELAY_S,
    ) -> None:
        self._run = run
        self._drop = drop
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
        """Forget what has not begun."""
        with self._lock:
            self._closed = True
            for timer in self._waiting:
                timer.cancel()
        self._workers.shutdown(wait=False, cancel_futures=True)

    def _attempt(self, event: QueuedEvent) -> None:
        try:
            succeeded = self._run(event)
        except ThrottledError:
            self._put_later(event, self._throttled_delay_s)
        except Exception as error:
            self._give_up(event, str(error))
        else:
            if not succeeded:
                self._fail(event)

    def _fail(self, event: QueuedEvent) -> None:
        if event.attempts < len(self._retry_delays_s):
            self._put_later(event.after_failure(), self._retry_delays_s[event.attempts])
        else:
            self._give_up(event, f"the function failed {event.attempts + 1} times")

    def _give_up(self, event: QueuedEvent, reason: str) -> None:
        print(f"local: an asynchronous event is given up: {reason}.", file=sys.stderr)
        self._drop(event)

    def _put_later(self, event: QueuedEvent, delay_s: float) -> None:
        def put() -> None:
            with self._lock:
                self._waiting.discard(timer)
            self.put(event)

        timer = threading.Timer(delay_s, put)
        timer.daemon = True
        with self._lock:
            if not self._closed:
                self._waiting.add(timer)
                timer.start()
