"""Provisioned concurrency of versions and aliases."""

import time
from typing import Any

from local_aws.functions.api.call import Call, Reference, Result
from local_aws.functions.api.concurrency import ACCOUNT_LIMIT, UNRESERVED_MINIMUM, unreserved
from local_aws.functions.api.errors import ApiError, conflict, invalid_parameter
from local_aws.functions.api.limits import not_with_snap_start
from local_aws.functions.api.store import LATEST, Function, Provisioned
from local_aws.functions.api.version import SETTLING_S, timestamp


def put_provisioned_concurrency_config(call: Call) -> Result:
    """Provision concurrency for a version or an alias."""
    reference = call.reference()
    if reference.qualifier == LATEST:
        raise invalid_parameter(
            "Provisioned Concurrency Configs cannot be applied to unpublished function versions."
        )
    function = _function(call, reference)
    qualifier, wanted = str(reference.qualifier), call.get("ProvisionedConcurrentExecutions")
    others = sum(each.requested for name, each in function.provisioned.items() if name != qualifier)
    _check_limits(call, function, others, wanted)
    _check_version(function, qualifier)
    version = function.version_of(qualifier)
    if version and version.configuration.snap_start != "None":
        raise not_with_snap_start("Provisioned Concurrency")
    ready_at = time.monotonic() + SETTLING_S
    config = Provisioned(wanted, timestamp(), ready_at)
    function.provisioned[qualifier] = config
    return _described(config)


def get_provisioned_concurrency_config(call: Call) -> Result:
    """Return the provisioned concurrency of a version or an alias."""
    reference = _published(call)
    config = _function(call, reference).provisioned.get(str(reference.qualifier))
    if config is None:
        raise ApiError(
            "ProvisionedConcurrencyConfigNotFoundException",
            "No Provisioned Concurrency Config found for this function",
        )
    return _described(config)


def delete_provisioned_concurrency_config(call: Call) -> Result:
    """Remove the provisioned concurrency of a version or an alias."""
    reference = _published(call)
    _function(call, reference).provisioned.pop(str(reference.qualifier), None)
    return None


def list_provisioned_concurrency_configs(call: Call) -> Result:
    """List the provisioned concurrency of a function's versions and aliases."""
    function = call.function()
    return call.page(
        "ProvisionedConcurrencyConfigs",
        [
            {
                "FunctionArn": call.store.function_arn(function.name, qualifier),
                **_described(config),
            }
            for qualifier, config in function.provisioned.items()
        ],
    )


def _published(call: Call) -> Reference:
    reference = call.reference()
    if reference.qualifier == LATEST:
        raise invalid_parameter(
            "The function resource provided must be an alias or a published version."
        )
    return reference


def _function(call: Call, reference: Reference) -> Function:
    function = call.store.functions.get(reference.name)
    if function is None or function.version_of(reference.qualifier) is None:
        raise call.qualifier_not_found(reference)
    return function


def _check_limits(call: Call, function: Function, others: int, wanted: int) -> None:
    reserved = function.reserved_concurrency
    if reserved is not None and reserved < others + wanted:
        raise invalid_parameter(
            "Requested Provisioned Concurrency should not be greater than the "
            "reservedConcurrentExecution for function"
        )
    if wanted > ACCOUNT_LIMIT:
        raise invalid_parameter(
            "Specified ConcurrentExecutions for function is greater than account's unreserved "
            f"concurrency [{ACCOUNT_LIMIT}]."
        )
    if reserved is None and unreserved(call.store) - wanted < UNRESERVED_MINIMUM:
        raise invalid_parameter(
            "Specified ConcurrentExecutions for function decreases account's "
            f"UnreservedConcurrentExecution below its minimum value of [{UNRESERVED_MINIMUM}]."
        )


def _check_version(function: Function, qualifier: str) -> None:
    """Raise ApiError if both an alias and its version would have provisioned concurrency."""
    alias = function.aliases.get(qualifier)
    if alias and alias.version == LATEST:
        raise invalid_parameter(
            "Provisioned Concurrency Configs cannot be applied to unpublished function versions."
        )
    if alias and alias.version in function.provisioned:
        raise conflict(
            "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version"
        )
    if any(
        other.version == qualifier and other.name in function.provisioned
        for other in function.aliases.values()
    ):
        raise conflict("Version is pointed by a Provisioned Concurrency alias")


def _described(config: Provisioned) -> dict[str, Any]:
    ready = time.monotonic() >= config.ready_at
    allocated = config.requested if ready else 0
    return {
        "RequestedProvisionedConcurrentExecutions": config.requested,
        "AvailableProvisionedConcurrentExecutions": allocated,
        "AllocatedProvisionedConcurrentExecutions": allocated,
        "Status": "READY" if ready else "IN_PROGRESS",
        "LastModified": config.last_modified,
    }
