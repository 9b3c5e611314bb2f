"""Aliases: names for a version, or for two versions with a weight."""

from collections.abc import Mapping

from local_aws.functions.api import answers
from local_aws.functions.api.call import Call, Result
from local_aws.functions.api.errors import (
    conflict,
    invalid_parameter,
    not_found,
    stale_revision,
)
from local_aws.functions.api.store import LATEST, Alias, Function
from local_aws.functions.api.validation import validation_error, violation
from local_aws.functions.api.version import new_revision


def create_alias(call: Call) -> Result:
    """Create an alias for a version."""
    function = call.function()
    name, version = call.get("Name"), call.get("FunctionVersion")
    _check_version(call, function, version)
    if name in function.aliases:
        raise conflict(f"Alias already exists: {call.store.function_arn(function.name, name)}")
    weights = _weights(call)
    _check_weights(call, function, version, weights)
    alias = Alias(name, version, call.get("Description", ""), weights, new_revision())
    function.aliases[name] = alias
    return answers.alias(function, alias, call.store)


def get_alias(call: Call) -> Result:
    """Return an alias."""
    function = call.function()
    return answers.alias(function, _existing(call, function), call.store)


def update_alias(call: Call) -> Result:
    """Change the given members of an alias, which gets a new revision even if there are none."""
    function = call.function()
    alias = _existing(call, function)
    if call.get("RevisionId") not in (None, alias.revision):
        raise stale_revision()
    version = call.get("FunctionVersion", alias.version)
    _check_version(call, function, version)
    weights = alias.weights if call.get("RoutingConfig") is None else _weights(call)
    _check_weights(call, function, version, weights)
    alias.version, alias.weights = version, weights
    alias.description = call.get("Description", alias.description)
    alias.revise()
    return answers.alias(function, alias, call.store)


def delete_alias(call: Call) -> Result:
    """Delete an alias, if it exists, and what was configured for it."""
    function = call.function()
    if function.aliases.pop(call.get("Name"), None):
        function.forget(call.get("Name"))
    return None


def list_aliases(call: Call) -> Result:
    """List a function's aliases, or those of one version."""
    function = call.function()
    version = call.get("FunctionVersion")
    return call.page(
        "Aliases",
        [
            answers.alias(function, alias, call.store)
            for _, alias in sorted(function.aliases.items())
            if version in (None, alias.version) or version in alias.weights
        ],
    )


def _existing(call: Call, function: Function) -> Alias:
    alias = function.aliases.get(call.get("Name"))
    if alias is None:
        raise not_found(
            f"Cannot find alias arn: {call.store.function_arn(function.name, call.get('Name'))}"
        )
    return alias


def _check_version(call: Call, function: Function, version: str) -> None:
    if version not in function.versions:
        raise not_found(f"Function not found: {call.store.function_arn(function.name, version)}")


def _weights(call: Call) -> dict[str, float]:
    return dict(call.get("RoutingConfig", {}).get("AdditionalVersionWeights") or {})


def _check_weights(
    call: Call, function: Function, version: str, weights: Mapping[str, float]
) -> None:
    """Raise ApiError unless the weights give part of the requests to at most one other version."""
    if len(weights) > 1:
        raise invalid_parameter(
            "Number of items in AdditionalVersionWeights cannot be greater than 1"
        )
    for number, weight in weights.items():
        if weight >= 1.0:
            raise validation_error(
                violation(
                    weights,
                    "routingConfig.additionalVersionWeights",
                    "Map value must satisfy constraint: [Member must have value less than or equal to 1.0, "
                    "Member must have value greater than or equal to 0.0, Member must not be null]",
                )
            )
        if number == version:
            raise invalid_parameter(
                f"Invalid function version {number}. Function version {number} is already included "
                "in routing configuration."
            )
        if version == LATEST:
            raise invalid_parameter(
                "$LATEST is not supported for an alias pointing to more than 1 version"
            )
        _check_version(call, function, number)
