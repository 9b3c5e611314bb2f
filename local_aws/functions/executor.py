"""Runs requests of functions: in an environment of the pool, with log events and metrics."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from local_aws.functions import metrics as lambda_metrics
from local_aws.functions.api.call import Reference
from local_aws.functions.api.function_arns import find_by_arn
from local_aws.functions.api.store import Stores
from local_aws.functions.cold_start import ColdStarts
from local_aws.functions.destinations import Destinations
from local_aws.functions.environment import EnvironmentStartError, ExecutionEnvironment, Reply
from local_aws.functions.event_queue import Attempt, Condition, EventQueue, QueuedEvent
from local_aws.functions.function_version import FunctionVersion
from local_aws.functions.lineage import next_header
from local_aws.functions.logs import log_events, write_log
from local_aws.functions.pool import EnvironmentPool, ThrottledError
from local_aws.functions.runnable import runnable
from local_aws.functions.unpack import BadZipError


@dataclass(frozen=True)
class Execution:
    """The reply to a request, its log, and the SHA-256 of the zip that ran, in base64."""

    reply: Reply
    log: str
    code_sha256: str


class Executor:
    """Runs the functions in `stores`, in environments from `cold_starts`."""

    def __init__(self, cold_starts: ColdStarts, stores: Stores) -> None:
        self._cold_starts = cold_starts
        self._pool = EnvironmentPool(cold_starts.start)
        self._queue = EventQueue(self._attempt, self._ended)
        self._stores = stores
        self._destinations = Destinations(self._enqueue_by_arn)

    def run(
        self,
        function: FunctionVersion,
        payload: bytes,
        client_context: str | None = None,
        request_id: str | None = None,
        trace: str | None = None,
    ) -> Execution:
        """Run a request to its end and write its log; the event and the client context are in JSON.

        The request gets a new id unless one is given. `trace` is its tracing header.

        Raises ThrottledError, EnvironmentStartError or BadZipError if it could not be run at all.
        """
        started = datetime.now(UTC)
        header = next_header(function, trace)
        request = (
            request_id or str(uuid.uuid4()),
            payload,
            function.invoked_arn,
            client_context,
            header,
        )
        try:
            with self._pool.lease(function) as first:
                running = self._pool.busy(function), self._pool.busy_in_region(function)
                ran = _Ran(first, first.invoke(*request))
                if ran.reply.init_failed:
                    ran = self._in_another_environment(function, request, ran.reply)
        except ThrottledError:
            lambda_metrics.publish_throttle(function, started)
            raise
        reply = ran.reply
        events = log_events(function, reply, started, ran.failed_init)
        write_log(function, ran.environment.log_stream, events)
        lambda_metrics.publish_invocation(function, reply, started, *running)
        log = "".join(event.message for event in events)
        return Execution(reply, log, ran.environment.code_sha256)

    def _in_another_environment(
        self,
        function: FunctionVersion,
        request: tuple[str, bytes, str, str | None, str],
        failed: Reply,
    ) -> "_Ran":
        """Run a request again after a failed init: Lambda makes a second attempt, as part of the invocation."""
        with self._pool.again(function) as second:
            return _Ran(second, second.invoke(*request, init_counts=True), failed)

    def enqueue(
        self,
        function: Callable[[], FunctionVersion],
        payload: bytes,
        client_context: str | None = None,
        trace: str | None = None,
    ) -> str:
        """Queue a request; each attempt runs the version that `function` returns at that time.

        Returns the request id, which all attempts have.
        """
        lambda_metrics.publish_event_received(function())
        event = QueuedEvent(function, payload, client_context, trace)
        self._queue.put(event)
        return event.request_id

    def send(self, function: FunctionVersion, arn: str, record: str) -> None:
        """Send a record (in JSON) of a failure to a destination, on behalf of the function's role."""
        self._destinations.send(function, arn, record)

    def end(self, account: str, region: str, deleted: Reference) -> None:
        """End the idle execution environments of a deleted function, or of a deleted version of it."""
        self._pool.end(
            (account, region, deleted.name, *([deleted.qualifier] if deleted.qualifier else []))
        )

    def close(self) -> None:
        """End all execution environments, even those with a running request."""
        self._queue.close()
        self._pool.close()
        self._cold_starts.close()

    def _attempt(self, event: QueuedEvent) -> Attempt:
        function, began = event.function(), datetime.now(UTC)
        try:
            execution = self.run(
                function, event.payload, event.client_context, event.request_id, event.trace
            )
        except ThrottledError:
            return Attempt(function, None)
        except (BadZipError, EnvironmentStartError, OSError):
            lambda_metrics.publish_event_dropped(function)
            raise
        lambda_metrics.publish_event_age(function, event.received, began)
        return Attempt(function, execution.reply)

    def _ended(self, event: QueuedEvent, attempt: Attempt, condition: Condition) -> None:
        if condition != "Success":
            lambda_metrics.publish_event_dropped(attempt.function)
        self._destinations.deliver(event, attempt, condition)

    def _enqueue_by_arn(self, arn: str, payload: bytes) -> None:
        named = find_by_arn(self._stores, arn)
        if named is None:
            raise ValueError(f"{arn} is not the ARN of a function")
        self.enqueue(partial(runnable, *named), payload)


@dataclass(frozen=True)
class _Ran:
    """The environment of a request, and its reply; `failed_init` is the reply of a first attempt whose init failed."""

    environment: ExecutionEnvironment
    reply: Reply
    failed_init: Reply | None = None
