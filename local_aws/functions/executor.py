"""Runs a function version: an environment from the pool, one request, its log in the function's log group."""

import contextlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from local_aws.functions import metrics as lambda_metrics
from local_aws.functions.api.call import Reference
from local_aws.functions.api.errors import ApiError
from local_aws.functions.cold_start import ColdStarts
from local_aws.functions.environment import Reply
from local_aws.functions.event_queue import EventQueue, QueuedEvent
from local_aws.functions.function_version import FunctionVersion
from local_aws.functions.logs import log_events, write_log
from local_aws.functions.pool import EnvironmentPool, ThrottledError
from local_aws.functions.toolchain import Toolchain


@dataclass(frozen=True)
class Execution:
    """One request's reply, the log written for it, and the SHA-256 of the zip that ran, in base64."""

    reply: Reply
    log: str
    code_sha256: str


class Executor:
    """Runs functions on this machine. `work` is a folder of its own; `endpoint` is where their SDK finds AWS."""

    def __init__(self, toolchain: Toolchain, work: Path, endpoint: str) -> None:
        self._cold_starts = ColdStarts(toolchain, work, endpoint)
        self._pool = EnvironmentPool(self._cold_starts.start)
        self._queue = EventQueue(self._succeeds, drop=self._drop)

    def run(
        self,
        function: FunctionVersion,
        payload: bytes,
        client_context: str | None = None,
        request_id: str | None = None,
    ) -> Execution:
        """Run one request, its event and its client context in JSON, to its end and file its log.

        It gets a new id unless it has one already.

        Raises ThrottledError, EnvironmentStartError or BadZipError if it could not be run at all.
        """
        started = datetime.now(UTC)
        try:
            with self._pool.lease(function) as environment:
                running = self._pool.busy(function), self._pool.busy_in_region(function)
                reply = environment.invoke(
                    request_id or str(uuid.uuid4()), payload, function.invoked_arn, client_context
                )
        except ThrottledError:
            lambda_metrics.publish_throttle(function, started)
            raise
        events = log_events(function, reply, started)
        write_log(function, environment.log_stream, events)
        lambda_metrics.publish_invocation(function, reply, started, *running)
        return Execution(reply, "".join(event.message for event in events), environment.code_sha256)

    def enqueue(
        self,
        function: Callable[[], FunctionVersion],
        payload: bytes,
        client_context: str | None = None,
    ) -> str:
        """Run one request later, and again if the function fails; each time with what `function` then is.

        Returns the request's id, which every attempt has.
        """
        lambda_metrics.publish_event_received(function())
        event = QueuedEvent(function, payload, client_context)
        self._queue.put(event)
        return event.request_id

    def end(self, account: str, region: str, deleted: Reference) -> None:
        """End the idle execution environments of a function, or of a version of it, that was deleted."""
        self._pool.end(
            (account, region, deleted.name, *([deleted.qualifier] if deleted.qualifier else []))
        )

    def close(self) -> None:
        """End every execution environment, also those with a request under way."""
        self._queue.close()
        self._pool.close()
        self._cold_starts.close()

    def _succeeds(self, event: QueuedEvent) -> bool:
        function, began = event.function(), datetime.now(UTC)
        execution = self.run(function, event.payload, event.client_context, event.request_id)
        lambda_metrics.publish_event_age(function, event.received, began)
        return execution.reply.status == "success"

    def _drop(self, event: QueuedEvent) -> None:
        with contextlib.suppress(ApiError):  # deleted since: nobody's metric
            lambda_metrics.publish_event_dropped(event.function())
