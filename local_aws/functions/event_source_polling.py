"""Runs event source mappings: reads queues and streams, and invokes functions with batches of their records."""

import json
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moto.events.models import EventPattern
from moto.sqs.models import sqs_backends

from local_aws.functions.api.call import Reference
from local_aws.functions.api.event_source_checks import Source, queue_of, source_of, table_of
from local_aws.functions.api.store import Store, Stores
from local_aws.functions.environment import Reply
from local_aws.functions.executor import Executor
from local_aws.functions.runnable import runnable

POLL_S = 0.2
WORKERS = 16
# A stream's batch that failed is tried again, ever later.
RETRY_DELAY_S = 1.0
RETRY_DELAY_LIMIT_S = 60.0


@dataclass
class Progress:
    """How far a mapping has read its stream: the next record, failed attempts at it, and when to try again."""

    position: int
    failures: int = 0
    not_before: float = 0.0
    size: int | None = None


class EventSources:
    """Polls every enabled mapping of `stores`, each by one worker at a time, until it is stopped."""

    def __init__(self, stores: Stores, executor: Executor) -> None:
        self._stores = stores
        self._executor = executor
        self._stopped = threading.Event()
        self._busy: set[str] = set()
        self._progress: dict[str, Progress] = {}
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="event-source")
        self._thread = threading.Thread(target=self._poll, name="event-sources", daemon=True)

    def start(self) -> None:
        """Begin to poll."""
        self._thread.start()

    def stop(self) -> None:
        """Stop polling; batches under way end with their environments."""
        self._stopped.set()
        self._workers.shutdown(wait=False, cancel_futures=True)

    def _poll(self) -> None:
        while not self._stopped.wait(POLL_S):
            for store in self._stores.all():
                for mapping in list(store.mappings.values()):
                    self._begin(store, mapping)

    def _begin(self, store: Store, mapping: Mapping[str, Any]) -> None:
        number = mapping["UUID"]
        source = source_of(mapping["EventSourceArn"])
        if source.service == "dynamodb" and number not in self._progress:
            self._progress[number] = Progress(_first(source, mapping))
        enabled = mapping["State"] == "Enabled" and time.monotonic() >= mapping["ready_at"]
        enabled = enabled and mapping["FunctionArn"].split(":")[6] in store.functions
        if enabled and number not in self._busy:
            self._busy.add(number)
            self._workers.submit(self._work, store, mapping, source)

    def _work(self, store: Store, mapping: Mapping[str, Any], source: Source) -> None:
        try:
            if source.service == "sqs":
                self._read_queue(store, mapping, source)
            else:
                self._read_stream(store, mapping, source)
        # A function that is gone or throttled, or a queue that is: what was read is read again later.
        except Exception as error:
            print(f"local: event source {source.arn}: {error}", file=sys.stderr)
        finally:
            self._busy.discard(mapping["UUID"])

    def _read_queue(self, store: Store, mapping: Mapping[str, Any], source: Source) -> None:
        queue = queue_of(source)
        if queue is None or not queue.messages:
            return
        backend = sqs_backends[source.account][source.region]
        messages = backend.receive_message(
            source.name, mapping["BatchSize"], 0, queue.visibility_timeout, ["All"]
        )
        records = [_queue_record(message, source) for message in messages]
        wanted = [record for record in records if _matches(mapping, record, "body")]
        done = {record["receiptHandle"] for record in records if record not in wanted}
        if wanted:
            reply = self._invoke(store, mapping, wanted)
            failed = _failed(reply, mapping, [record["messageId"] for record in wanted])
            done |= {r["receiptHandle"] for r in wanted if r["messageId"] not in failed}
        for handle in done:
            backend.delete_message(source.name, handle)

    def _read_stream(self, store: Store, mapping: Mapping[str, Any], source: Source) -> None:
        table, progress = table_of(source), self._progress[mapping["UUID"]]
        if table is None or time.monotonic() < progress.not_before:
            return
        size = progress.size or mapping["BatchSize"]
        batch = table.stream_shard.items[progress.position : progress.position + size]
        records = [_stream_record(item, source) for item in batch]
        wanted = [record for record in records if _matches(mapping, record, "dynamodb")]
        if not wanted:
            progress.position += len(batch)
            return
        reply = self._invoke(store, mapping, wanted)
        failed = _failed(
            reply, mapping, [record["dynamodb"]["SequenceNumber"] for record in wanted]
        )
        if failed:
            self._retry(mapping, progress, len(batch))
        else:
            progress.position += len(batch)
            progress.failures, progress.size = 0, None

    def _retry(self, mapping: Mapping[str, Any], progress: Progress, count: int) -> None:
        """Try a batch again, in halves if the mapping says so, or go on after it."""
        retries = mapping["MaximumRetryAttempts"]
        if 0 <= retries <= progress.failures:
            progress.position += count
            progress.failures, progress.size = 0, None
            return
        if mapping["BisectBatchOnFunctionError"] and count > 1:
            progress.size = count // 2
        delay_s = min(RETRY_DELAY_S * 2**progress.failures, RETRY_DELAY_LIMIT_S)
        progress.failures += 1
        progress.not_before = time.monotonic() + delay_s

    def _invoke(
        self, store: Store, mapping: Mapping[str, Any], records: Sequence[Mapping[str, Any]]
    ) -> Reply:
        name, *qualifier = mapping["FunctionArn"].split(":")[6:]
        function = runnable(store, Reference(name, qualifier[0] if qualifier else None))
        event = json.dumps({"Records": records}).encode()
        return self._executor.run(function, event).reply


def _first(source: Source, mapping: Mapping[str, Any]) -> int:
    table = table_of(source)
    latest = mapping.get("StartingPosition") == "LATEST"
    return len(table.stream_shard.items) if latest and table is not None else 0


def _failed(reply: Reply, mapping: Mapping[str, Any], identifiers: list[str]) -> set[str]:
    """Return the records that failed: all, or those that the function lists if the mapping lets it."""
    if reply.status != "success":
        return set(identifiers)
    if "ReportBatchItemFailures" not in mapping["FunctionResponseTypes"]:
        return set()
    answer = json.loads(reply.payload or b"null")
    failures = answer.get("batchItemFailures") if isinstance(answer, dict) else None
    listed = {failure.get("itemIdentifier") for failure in failures or []}
    return listed if listed <= set(identifiers) else set(identifiers)


def _matches(mapping: Mapping[str, Any], record: Mapping[str, Any], data: str) -> bool:
    """Whether a record passes the mapping's filters; a body that is JSON is matched as such."""
    filters = mapping.get("FilterCriteria", {}).get("Filters", [])
    seen = dict(record)
    if data == "body":
        try:
            seen[data] = json.loads(record[data])
        except ValueError:
            seen[data] = record[data]
    return not filters or any(
        EventPattern.load(each.get("Pattern")).matches_event(seen) for each in filters
    )


def _queue_record(message: Any, source: Source) -> dict[str, Any]:
    attributes = {
        "ApproximateReceiveCount": str(message.approximate_receive_count),
        "SentTimestamp": str(message.sent_timestamp),
        "SenderId": message.sender_id,
        "ApproximateFirstReceiveTimestamp": str(message.approximate_first_receive_timestamp),
        "MessageGroupId": message.group_id,
        "MessageDeduplicationId": message.deduplication_id,
        "SequenceNumber": message.sequence_number,
    }
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": {name: value for name, value in attributes.items() if value is not None},
        "messageAttributes": {
            name: _queue_attribute(value) for name, value in message.message_attributes.items()
        },
        "md5OfBody": message.body_md5,
        "eventSource": "aws:sqs",
        "eventSourceARN": source.arn,
        "awsRegion": source.region,
    }


def _queue_attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    data_type = value.get("data_type") or value.get("DataType")
    given = {
        "stringValue": value.get("string_value") or value.get("StringValue"),
        "binaryValue": value.get("binary_value") or value.get("BinaryValue"),
    }
    return {
        **{name: text for name, text in given.items() if text is not None},
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": data_type,
    }


def _stream_record(item: Any, source: Source) -> dict[str, Any]:
    record = item.to_json()
    change = dict(record["dynamodb"])
    created = change.get("ApproximateCreationDateTime")
    if isinstance(created, datetime):
        change["ApproximateCreationDateTime"] = int(created.timestamp())
    return {
        **record,
        "awsRegion": source.region,
        "dynamodb": change,
        "eventSourceARN": source.arn,
    }
