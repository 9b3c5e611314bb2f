"""Invokes a function with a batch of records, and returns which of them failed."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from local_aws.arns import Arn
from local_aws.functions import recursion
from local_aws.functions.api.call import Reference
from local_aws.functions.api.store import Store
from local_aws.functions.environment import Reply
from local_aws.functions.event_sources.records import Record
from local_aws.functions.executor import Executor
from local_aws.functions.function_version import FunctionVersion
from local_aws.functions.json_events import event_of
from local_aws.functions.lineage import rounds
from local_aws.functions.runnable import runnable

# Runs a batch in a worker.
Job = Callable[[], None]


@dataclass(frozen=True)
class Ran:
    """The version that ran a batch, and its reply."""

    function: FunctionVersion
    reply: Reply


def target_of(store: Store, mapping: Mapping[str, Any]) -> FunctionVersion:
    """Return the version that a mapping currently invokes; raises ApiError if it does not exist."""
    _, name, *qualifier = Arn.of(mapping["FunctionArn"]).resource.split(":")
    return runnable(store, Reference(name, qualifier[0] if qualifier else None))


def run(
    executor: Executor,
    store: Store,
    mapping: Mapping[str, Any],
    records: Sequence[Record],
    traces: Sequence[str] = (),
) -> Ran:
    """Run a batch of records, which have these tracing headers.

    Raises ThrottledError, EnvironmentStartError, BadZipError or ApiError if it cannot be run.
    """
    function = target_of(store, mapping)
    trace = max(traces, key=partial(rounds, function), default=None)
    recursion.check(store, function, trace)
    return Ran(function, executor.run(function, event_of(records), trace=trace).reply)


def failed(reply: Reply, mapping: Mapping[str, Any], identifiers: Sequence[str]) -> set[str]:
    """Return the identifiers of the records that failed, after "Reporting batch item failures".

    These are all of them, unless the mapping lets the function list the failed ones, and it lists only existing ones.
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
