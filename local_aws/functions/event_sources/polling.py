"""Runs event source mappings: polls their queues and streams, and invokes functions with batches of their records."""

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from local_aws.arns import Arn
from local_aws.functions.api.event_source import Source, source_of
from local_aws.functions.api.store import Store, Stores
from local_aws.functions.event_sources.batches import Job
from local_aws.functions.event_sources.queue_reader import QueueReader
from local_aws.functions.event_sources.stream_reader import StreamReader
from local_aws.functions.executor import Executor
from local_aws.reports import report

POLL_S = 0.2
WORKERS = 32


class EventSources:
    """Polls the sources of all enabled mappings in `stores`, each with its own reader."""

    def __init__(self, stores: Stores, executor: Executor) -> None:
        self._stores = stores
        self._executor = executor
        self._stopped = threading.Event()
        self._readers: dict[str, QueueReader | StreamReader] = {}
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="event-source")
        self._thread = threading.Thread(target=self._poll, name="event-sources", daemon=True)

    def start(self) -> None:
        """Start polling."""
        self._thread.start()

    def stop(self) -> None:
        """Stop polling; running batches end with their execution environments."""
        self._stopped.set()
        self._workers.shutdown(wait=False, cancel_futures=True)

    def _poll(self) -> None:
        while not self._stopped.wait(POLL_S):
            known = set()
            for store in self._stores.all():
                for number, mapping in list(store.mappings.items()):
                    known.add(number)
                    # Such as that the queue was deleted meanwhile: other mappings must still be read.
                    with _errors_reported(mapping):
                        self._begin(store, mapping)
            for deleted in self._readers.keys() - known:
                del self._readers[deleted]

    def _begin(self, store: Store, mapping: dict[str, Any]) -> None:
        """Start the batches of a mapping that are ready.

        Its reader is created even if it is not enabled yet: it remembers where a stream ends now.
        """
        number = mapping["UUID"]
        source = source_of(mapping["EventSourceArn"], store.region)
        reader = self._readers.get(number)
        if reader is None:
            reader = self._readers[number] = self._reader(store, mapping, source)
        if _is_enabled(store, mapping):
            for job in reader.jobs(mapping):
                self._workers.submit(_work, job, mapping)

    def _reader(
        self, store: Store, mapping: Mapping[str, Any], source: Source
    ) -> QueueReader | StreamReader:
        if source.service == "sqs":
            return QueueReader(self._executor, store, source)
        return StreamReader(self._executor, store, source, mapping)


def _is_enabled(store: Store, mapping: Mapping[str, Any]) -> bool:
    ready = mapping["State"] == "Enabled" and time.monotonic() >= mapping["ready_at"]
    _, name, *_ = Arn.of(mapping["FunctionArn"]).resource.split(":")
    return ready and name in store.functions


def _work(job: Job, mapping: Mapping[str, Any]) -> None:
    # Such as that the function was deleted or is throttled: its records are read again later.
    with _errors_reported(mapping):
        job()


@contextlib.contextmanager
def _errors_reported(mapping: Mapping[str, Any]) -> Iterator[None]:
    """Report any exception in a `with` block, which then ends: the thread must go on."""
    try:
        yield
    except Exception as error:
        report(f"event source {mapping['EventSourceArn']}: {error}")
