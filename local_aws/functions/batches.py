"""Invokes a function with a batch of records, and reads from its answer which of them failed."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from local_aws.functions import recursion
from local_aws.functions.api.call import Reference
from local_aws.functions.api.store import Store
from local_aws.functions.environment import Reply
from local_aws.functions.event_source_records import Record
from local_aws.functions.executor import Executor
from local_aws.functions.function_version import FunctionVersion
from local_aws.functions.json_events import event_of
from local_aws.functions.lineage import rounds
from local_aws.functions.runnable import runnable

# A batch to run: what a reader of a source gives the workers.
Job = Callable[[], None]


@dataclass(frozen=True)
class Ran:
    """A batch that ran: by which version, and its reply."""

    function: FunctionVersion
    reply: Reply


def target_of(store: Store, mapping: Mapping[str, Any]) -> FunctionVersion:
    """Return the version that a mapping invokes now; raises ApiError if there is none."""
    name, *qualifier = mapping["FunctionArn"].split(":")[6:]
    return runnable(store, Reference(name, qualifier[0] if qualifier else None))


def run(
    executor: Executor,
    store: Store,
    mapping: Mapping[str, Any],
    records: Sequence[Record],
    traces: Sequence[str] = (),
) -> Ran:
    """Run a batch, whose records came with these tracing headers.

    Raises ThrottledError, EnvironmentStartError, BadZipError or ApiError if that cannot be.
    """
    function = target_of(store, mapping)
    trace = max(traces, key=partial(rounds, function), default=None)
    recursion.check(store, function, trace)
    return Ran(function, executor.run(function, event_of(records), trace=trace).reply)


def failed(reply: Reply, mapping: Mapping[str, Any], identifiers: Sequence[str]) -> set[str]:
    """Return the records that failed: all, or those that the function lists if the mapping lets it.

    "Reporting batch item failures": what is listed wrongly makes all of them fail.
    """
    if reply.status != "success":
        return set(identifiers)
    if "ReportBatchItemFailures" not in mapping["FunctionResponseTypes"]:
        return set()
    answer = json.loads(reply.payload or b"null")
    failures = answer.get("batchItemFailures") if isinstance(answer, dict) else None
    listed = [
        str(failure.get("itemIdentifier")) if isinstance(failure, dict) else ""
        for failure in failures or []
    ]
    return set(listed) if set(listed) <= set(identifiers) else set(identifiers)
