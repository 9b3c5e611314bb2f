"""Reads the stream of an event source mapping in order: retries, splits and discards batches as configured."""

import json
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from local_aws.functions.api.event_source import Source, table_of
from local_aws.functions.api.store import Store
from local_aws.functions.event_sources.batches import Job, Ran, failed, run, target_of
from local_aws.functions.event_sources.records import Record, is_wanted, stream_record
from local_aws.functions.executor import Executor
from local_aws.functions.pool import ThrottledError
from local_aws.timestamps import to_the_millisecond, to_the_second

# The delay before a failed batch is retried, which doubles each time, and its maximum.
RETRY_DELAY_S = 1.0
RETRY_DELAY_LIMIT_S = 60.0


@dataclass
class Lane:
    """A part of a shard whose records are read in order: the position of the next one, and the state of its batch.

    `attempts` have failed; the next one is at `not_before`; after a split the batch has `size` records. Its first
    record was read at `since`. Times are on the monotonic clock.
    """

    number: int
    position: int
    attempts: int = 0
    delays: int = 0
    not_before: float = 0.0
    size: int | None = None
    since: float | None = None
    busy: bool = False

    def go_on(self, position: int) -> None:
        """Begin a new batch at a position."""
        self.position, self.attempts, self.delays = position, 0, 0
        self.size = self.since = None

    def delay(self) -> None:
        """Wait before the next attempt, twice as long each time."""
        delay_s = min(RETRY_DELAY_S * 2**self.delays, RETRY_DELAY_LIMIT_S)
        self.delays += 1
        self.not_before = time.monotonic() + delay_s


@dataclass(frozen=True)
class Batch:
    """Records, and the position after each in the stream."""

    records: list[Record]
    ends: list[int]

    @property
    def identifiers(self) -> list[str]:
        """The sequence numbers."""
        return [record["dynamodb"]["SequenceNumber"] for record in self.records]


@dataclass(frozen=True)
class Discarded:
    """A discarded batch of a mapping, its last attempt if there was one, and why, as records name it."""

    mapping: Mapping[str, Any]
    batch: Batch
    ran: Ran | None
    condition: str


class StreamReader:
    """Reads a stream for a mapping, in as many lanes as its ParallelizationFactor.

    The changes of an item stay in order: "Using Lambda with DynamoDB".
    """

    def __init__(
        self, executor: Executor, store: Store, source: Source, mapping: Mapping[str, Any]
    ) -> None:
        self._executor = executor
        self._store = store
        self._source = source
        table = table_of(source)
        from_now = mapping.get("StartingPosition") == "LATEST" and table is not None
        self._lanes = [Lane(0, len(table.stream_shard.items) if from_now else 0)]

    def jobs(self, mapping: dict[str, Any]) -> Iterator[Job]:
        """Yield a job for each batch that is ready."""
        table = table_of(self._source)
        if table is None:
            return
        self._set_lanes(mapping["ParallelizationFactor"])
        for lane in self._lanes:
            if lane.busy or time.monotonic() < lane.not_before:
                continue
            batch = self._read(table.stream_shard.items, mapping, lane)
            if batch.records and self._is_due(mapping, lane, batch):
                lane.busy = True
                yield partial(self._run, mapping, lane, batch)

    def _set_lanes(self, count: int) -> None:
        """Change the number of lanes; they begin at the position of the slowest one, so that none is skipped."""
        if len(self._lanes) != count and not any(lane.busy for lane in self._lanes):
            begin = min(lane.position for lane in self._lanes)
            self._lanes = [Lane(number, begin) for number in range(count)]

    def _read(self, items: Sequence[Any], mapping: Mapping[str, Any], lane: Lane) -> Batch:
        """Return the next batch of a lane, without the records of other lanes and those that are filtered out."""
        size = lane.size or mapping["BatchSize"]
        records, ends = [], []
        for end in range(lane.position + 1, len(items) + 1):
            record = stream_record(items[end - 1], self._source)
            if self._is_of(lane, record) and is_wanted(mapping, record, "dynamodb"):
                records.append(record)
                ends.append(end)
                if len(records) == size:
                    break
            elif not records:
                lane.position = end
        return Batch(records, ends)

    def _is_of(self, lane: Lane, record: Record) -> bool:
        keys = json.dumps(record["dynamodb"]["Keys"], sort_keys=True)
        return zlib.crc32(keys.encode()) % len(self._lanes) == lane.number

    @staticmethod
    def _is_due(mapping: Mapping[str, Any], lane: Lane, batch: Batch) -> bool:
        lane.since = lane.since or time.monotonic()
        window_s = mapping["MaximumBatchingWindowInSeconds"]
        full = len(batch.records) >= (lane.size or mapping["BatchSize"])
        return full or bool(lane.attempts) or time.monotonic() >= lane.since + window_s

    def _run(self, mapping: dict[str, Any], lane: Lane, batch: Batch) -> None:
        try:
            old = _count_older(batch, mapping["MaximumRecordAgeInSeconds"])
            if old:
                dropped = Batch(batch.records[:old], batch.ends[:old])
                # The guide does not name the condition of these records.
                self._give_up(lane, Discarded(mapping, dropped, None, "MaximumRecordAgeExceeded"))
                return
            ran = run(self._executor, self._store, mapping, batch.records)
            wrong = failed(ran.reply, mapping, batch.identifiers)
            if wrong:
                mapping["LastProcessingResult"] = "PROBLEM: Function call failed"
                self._retry(mapping, lane, batch, wrong, ran)
            else:
                mapping["LastProcessingResult"] = "OK"
                lane.go_on(batch.ends[-1])
        except ThrottledError:
            lane.delay()
        except BaseException:
            lane.delay()
            raise
        finally:
            lane.busy = False

    def _retry(
        self,
        mapping: Mapping[str, Any],
        lane: Lane,
        batch: Batch,
        wrong: set[str],
        ran: Ran,
    ) -> None:
        """Retry a batch from its first failed record, in halves if that is configured, or discard it."""
        first = min(batch.identifiers.index(each) for each in wrong)
        if first:
            lane.position = batch.ends[first - 1]
            batch = Batch(batch.records[first:], batch.ends[first:])
        elif mapping["BisectBatchOnFunctionError"] and len(batch.records) > 1:
            # Splitting a batch does not count towards its retries.
            lane.size = len(batch.records) // 2
            lane.delay()
            return
        lane.attempts += 1
        if 0 <= mapping["MaximumRetryAttempts"] < lane.attempts:
            self._give_up(lane, Discarded(mapping, batch, ran, "RetryAttemptsExhausted"))
        else:
            lane.size = len(batch.records)
            lane.delay()

    def _give_up(self, lane: Lane, discarded: Discarded) -> None:
        """Continue after a discarded batch, and send its record to the mapping's destination."""
        mapping, ran = discarded.mapping, discarded.ran
        destination = mapping.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        if destination:
            function = ran.function if ran else target_of(self._store, mapping)
            about = self._about(discarded, lane.attempts)
            self._executor.send(function, destination, json.dumps(about))
        lane.go_on(discarded.batch.ends[-1])

    def _about(self, discarded: Discarded, attempts: int) -> dict[str, Any]:
        """Return the record of a discarded batch, after "Retain discarded records for a DynamoDB event source"."""
        table, batch, ran = table_of(self._source), discarded.batch, discarded.ran
        arrived = [record["dynamodb"]["ApproximateCreationDateTime"] for record in batch.records]
        return {
            "requestContext": {
                **({"requestId": ran.reply.request_id} if ran else {}),
                "functionArn": discarded.mapping["FunctionArn"],
                "condition": discarded.condition,
                "approximateInvokeCount": attempts,
            },
            **({"responseContext": _response(ran)} if ran else {}),
            "version": "1.0",
            "timestamp": to_the_millisecond(datetime.now(UTC)),
            "DDBStreamBatchInfo": {
                "shardId": table.stream_shard.id if table is not None else "",
                "startSequenceNumber": batch.identifiers[0],
                "endSequenceNumber": batch.identifiers[-1],
                "approximateArrivalOfFirstRecord": _time(arrived[0]),
                "approximateArrivalOfLastRecord": _time(arrived[-1]),
                "batchSize": len(batch.records),
                "streamArn": self._source.arn,
            },
        }


def _response(ran: Ran) -> dict[str, Any]:
    unhandled = {} if ran.reply.status == "success" else {"functionError": "Unhandled"}
    return {"statusCode": 200, "executedVersion": ran.function.version, **unhandled}


def _count_older(batch: Batch, age_s: int) -> int:
    """Return how many records at the beginning of a batch are older than `age_s` seconds; none if that is -1."""
    if age_s < 0:
        return 0
    oldest = time.time() - age_s
    times = [record["dynamodb"]["ApproximateCreationDateTime"] for record in batch.records]
    return next((place for place, at in enumerate(times) if at >= oldest), len(times))


def _time(seconds: int) -> str:
    return to_the_second(datetime.fromtimestamp(seconds, UTC))
