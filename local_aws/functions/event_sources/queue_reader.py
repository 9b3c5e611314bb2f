"""Reads the queue of an event source mapping: collects batches, and deletes the messages that were processed."""

import threading
import time
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from moto.sqs.models import sqs_backends

from local_aws.functions.api.event_source import Source, queue_of
from local_aws.functions.api.store import Store
from local_aws.functions.event_sources.batches import Job, failed, run
from local_aws.functions.event_sources.records import Record, is_wanted, queue_record
from local_aws.functions.executor import Executor

# "Lambda event source mappings", Batching behavior: the size of a payload, whatever the size of the batch.
PAYLOAD_LIMIT = 6 * 1024 * 1024
# "Configuring scaling behavior for SQS event source mappings": the number of batches at once to begin with.
CONCURRENCY = 5
# The most messages that ReceiveMessage returns.
RECEIVE_LIMIT = 10


class QueueReader:
    """Reads one queue for one mapping, in the batches that the mapping configures."""

    def __init__(self, executor: Executor, store: Store, source: Source) -> None:
        self._executor = executor
        self._store = store
        self._source = source
        self._gathered: list[Record] = []
        self._since = 0.0
        self._running = 0
        self._lock = threading.Lock()

    def jobs(self, mapping: Mapping[str, Any]) -> Iterator[Job]:
        """Yield a job for each batch that is ready."""
        limit = mapping.get("ScalingConfig", {}).get("MaximumConcurrency") or CONCURRENCY
        queue = queue_of(self._source)
        limit = 1 if queue is not None and queue.fifo_queue else limit
        while self._running < limit:
            self._gather(mapping)
            if not self._is_due(mapping):
                return
            batch = self._next_batch(mapping["BatchSize"])
            with self._lock:
                self._running += 1
            yield partial(self._run, mapping, batch)

    def _gather(self, mapping: Mapping[str, Any]) -> None:
        """Receive messages up to the size of a batch, and delete those that do not pass the mapping's filters."""
        queue = queue_of(self._source)
        while queue is not None and queue.messages and len(self._gathered) < mapping["BatchSize"]:
            count = min(RECEIVE_LIMIT, mapping["BatchSize"] - len(self._gathered))
            messages = self._backend.receive_message(
                self._source.name, count, 0, queue.visibility_timeout, ["All"]
            )
            if not messages:
                return
            for message in messages:
                record = queue_record(message, self._source)
                if is_wanted(mapping, record, "body"):
                    self._since = self._since if self._gathered else time.monotonic()
                    self._gathered.append(record)
                else:
                    self._delete(record)

    def _is_due(self, mapping: Mapping[str, Any]) -> bool:
        window_s = mapping["MaximumBatchingWindowInSeconds"]
        full = len(self._gathered) >= mapping["BatchSize"]
        return bool(self._gathered) and (full or time.monotonic() >= self._since + window_s)

    def _next_batch(self, size: int) -> list[Record]:
        """Take the next batch, up to the size of a payload."""
        taken = total = 0
        for record in self._gathered[:size]:
            total += len(record["body"].encode())
            if taken and total > PAYLOAD_LIMIT:
                break
            taken += 1
        batch, self._gathered = self._gathered[:taken], self._gathered[taken:]
        return batch

    def _run(self, mapping: Mapping[str, Any], batch: list[Record]) -> None:
        """Invoke the function; messages that are not deleted are received again once they are visible."""
        try:
            headers = [record["attributes"].get("AWSTraceHeader") for record in batch]
            traces = [header for header in headers if header]
            reply = run(self._executor, self._store, mapping, batch, traces).reply
            not_processed = failed(reply, mapping, [record["messageId"] for record in batch])
            for record in batch:
                if record["messageId"] not in not_processed:
                    self._delete(record)
        finally:
            with self._lock:
                self._running -= 1

    def _delete(self, record: Record) -> None:
        self._backend.delete_message(self._source.name, record["receiptHandle"])

    @property
    def _backend(self) -> Any:
        return sqs_backends[self._source.account][self._source.region]
