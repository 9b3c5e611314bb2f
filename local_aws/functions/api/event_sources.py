"""Event source mappings: which queue or stream invokes which function. `functions.event_sources` reads the sources."""

import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from local_aws import function_name
from local_aws.arns import Arn
from local_aws.functions.api.call import Call, Reference, Result
from local_aws.functions.api.errors import (
    conflict,
    invalid_parameter,
    no_such_resource,
    not_offered,
)
from local_aws.functions.api.event_source import source_of
from local_aws.functions.api.event_source_checks import ProposedMapping, check, refuse_ignored
from local_aws.functions.api.tags import check_tags
from local_aws.functions.api.version import SETTLING_S

# The default members of mappings of queues, and of streams.
_OF_QUEUES: Mapping[str, Any] = {"BatchSize": 10, "StateTransitionReason": "USER_INITIATED"}
_OF_STREAMS: Mapping[str, Any] = {
    "BatchSize": 100,
    "StateTransitionReason": "User action",
    "ParallelizationFactor": 1,
    "BisectBatchOnFunctionError": False,
    "MaximumRecordAgeInSeconds": -1,
    "MaximumRetryAttempts": -1,
    "TumblingWindowInSeconds": 0,
    "LastProcessingResult": "No records processed",
    "DestinationConfig": {"OnFailure": {}},
}
# The parameters that are stored.
_STORED = (
    *("BatchSize", "BisectBatchOnFunctionError", "DestinationConfig", "FilterCriteria"),
    *("FunctionResponseTypes", "MaximumBatchingWindowInSeconds", "MaximumRecordAgeInSeconds"),
    *("MaximumRetryAttempts", "ParallelizationFactor", "ScalingConfig", "StartingPosition"),
    *("StartingPositionTimestamp", "TumblingWindowInSeconds"),
)
# Members of a stored mapping that answers do not contain.
_HIDDEN = ("ready_at", "Tags")


def create_event_source_mapping(call: Call) -> Result:
    """Create a mapping from a queue or a stream, which the function's role must be allowed to read."""
    if call.get("SelfManagedEventSource"):
        raise not_offered("event sources other than SQS queues and DynamoDB streams")
    source = source_of(call.get("EventSourceArn"), call.store.region)
    refuse_ignored(call.parameters)
    reference, function = _function(call)
    mapping: dict[str, Any] = {
        **(_OF_QUEUES if source.service == "sqs" else _OF_STREAMS),
        "MaximumBatchingWindowInSeconds": 0,
        "FunctionResponseTypes": [],
        **_given(call),
        "EventSourceArn": source.arn,
        "FunctionArn": call.arn(reference),
    }
    version = function.version_of(reference.qualifier) or function.latest
    check(ProposedMapping(source, mapping, function.name, version.configuration, call.store.region))
    check_tags(call.get("Tags", {}))
    _refuse_duplicate(call, mapping, function.name)
    number = str(uuid.uuid4())
    enabled = call.get("Enabled", True)
    mapping |= {
        "UUID": number,
        "EventSourceMappingArn": call.store.arn("event-source-mapping", number),
        "LastModified": datetime.now(UTC),
        "State": "Enabled" if enabled else "Disabled",
        "Tags": dict(call.get("Tags", {})),
        "ready_at": time.monotonic() + SETTLING_S,
    }
    call.store.mappings[number] = mapping
    return {**described(mapping), "State": "Creating"}


def get_event_source_mapping(call: Call) -> Result:
    """Return a mapping."""
    return described(_existing(call))


def update_event_source_mapping(call: Call) -> Result:
    """Change the given members of a mapping."""
    old = _existing(call)
    changed = {**old, **_given(call), "LastModified": datetime.now(UTC)}
    if call.get("FunctionName"):
        reference, _ = _function(call)
        changed["FunctionArn"] = call.arn(reference)
    name = Arn.of(changed["FunctionArn"]).resource.split(":")[1]
    configuration = call.function(Reference(name, None)).latest.configuration
    source = source_of(old["EventSourceArn"], call.store.region)
    refuse_ignored(call.parameters)
    check(ProposedMapping(source, changed, name, configuration, call.store.region))
    enabled = call.get("Enabled")
    state = "Updating"
    if enabled is not None:
        changed["State"] = "Enabled" if enabled else "Disabled"
        if changed["State"] != old["State"]:
            state = "Enabling" if enabled else "Disabling"
    changed["ready_at"] = time.monotonic() + SETTLING_S
    call.store.mappings[old["UUID"]] = changed
    return {**described(changed), "State": state}


def delete_event_source_mapping(call: Call) -> Result:
    """Delete a mapping."""
    mapping = _existing(call)
    del call.store.mappings[mapping["UUID"]]
    return {**described(mapping), "State": "Deleting"}


def list_event_source_mappings(call: Call) -> Result:
    """List all mappings, or those of a function or a source."""
    source, named = call.get("EventSourceArn"), call.get("FunctionName")
    arn = call.arn(call.reference()) if named else None
    return call.page(
        "EventSourceMappings",
        [
            described(mapping)
            for mapping in call.store.mappings.values()
            if source in (None, mapping["EventSourceArn"])
            and (arn is None or f"{mapping['FunctionArn']}:".startswith(f"{arn}:"))
        ],
    )


def described(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Return an EventSourceMappingConfiguration."""
    state = mapping["State"] if time.monotonic() >= mapping["ready_at"] else "Creating"
    answer = {name: value for name, value in mapping.items() if name not in _HIDDEN}
    return {**answer, "State": state}


def _given(call: Call) -> dict[str, Any]:
    return {name: call.get(name) for name in _STORED if call.get(name) is not None}


def _function(call: Call) -> tuple[Reference, Any]:
    asked = function_name.parse(call.get("FunctionName"))
    reference = Reference(asked.name if asked else "", asked.qualifier if asked else None)
    function = call.store.functions.get(reference.name)
    if function is None or function.version_of(reference.qualifier) is None:
        raise invalid_parameter("Function does not exist")
    return reference, function


def _existing(call: Call) -> dict[str, Any]:
    mapping = call.store.mappings.get(call.get("UUID"))
    if mapping is None:
        raise no_such_resource()
    return mapping


def _refuse_duplicate(call: Call, mapping: Mapping[str, Any], name: str) -> None:
    """Raise ApiError if there is a mapping of the same function and source."""
    for other in call.store.mappings.values():
        if all(other[key] == mapping[key] for key in ("FunctionArn", "EventSourceArn")):
            arn = mapping["EventSourceArn"]
            if ":sqs:" in arn:
                text = f'An event source mapping with SQS arn (" {arn} ") and function (" {name} ") already exists.'
            else:
                text = f'The event source arn (" {arn} ") and function (" {name} ") provided mapping already exists.'
            raise conflict(
                f"{text} Please update or delete the existing mapping with UUID {other['UUID']}"
            )
