"""Which IAM actions an API call needs on which resources, after AWS's "Service Authorization Reference"."""

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from local_aws.iam import actions, reference, resource_arns, service_arns
from local_aws.iam.actions import Need
from local_aws.iam.api_call import ApiCall
from local_aws.iam.operations import operation_of, parameters_of
from local_aws.iam.passed_roles import passed_roles
from local_aws.iam.resource_arns import Derived, Place
from local_aws.iam.resources import Resource, UnknownResource

# "No permissions are required for users to perform this operation", says the API reference of STS.
_FREE = frozenset((("sts", "GetSessionToken"),))


@dataclass(frozen=True)
class Permission:
    """Permission for an action, such as dynamodb:PutItem, on a resource, or on * if the action has no resources.

    With `guessed`, the reference has no such action. `need` is the part of the call that needs the permission.
    """

    action: str
    resource: Resource
    guessed: bool = False
    need: Need | None = field(default=None, compare=False)


def needed(call: ApiCall, place: Place) -> list[Permission]:
    """Return all permissions that the call needs, including those to pass roles to services."""
    if (call.service, call.operation) in _FREE:
        return []
    return [
        *(
            permission
            for need in actions.needs(call)
            for permission in _permissions(call, need, place)
        ),
        *(
            Permission("iam:PassRole", role, need=Need("iam", "PassRole", {}, keys=keys))
            for role, keys in passed_roles(call)
        ),
    ]


def _permissions(call: ApiCall, need: Need, place: Place) -> Iterator[Permission]:
    action = f"{need.service}:{need.action}"
    for resource in _resources(call, need, place):
        yield Permission(action, resource, need.guessed, need)


def _resources(call: ApiCall, need: Need, place: Place) -> Sequence[Resource]:
    unknown = UnknownResource(place.partition, need.service)
    if need.guessed:
        return [unknown]
    special = service_arns.resources(call, need, place)
    if special is not None:
        return special or [unknown]
    operation = _Operation(call.service, call.operation, need.service, need.action)
    given = tuple(name for name, value in need.parameters.items() if value)
    names = _naming(operation, given)
    values = tuple(need.parameters[name] for name in names)
    if all(isinstance(value, str) for value in values):
        return _named(operation, given, names, values, place)
    return _derived_resources(operation, need.parameters, place)


class _Operation(NamedTuple):
    """An operation of a service, by botocore's names, and the action that it needs, by its prefix and name."""

    service: str
    operation: str
    prefix: str
    action: str

    @property
    def types(self) -> Mapping[str, bool]:
        """The action's types of resources, and whether each is required."""
        return reference.resource_types(self.prefix, self.action)


@functools.lru_cache(maxsize=4096)
def _naming(operation: _Operation, given: tuple[str, ...]) -> tuple[str, ...]:
    """Return which of the given parameters may name resources."""
    names = [
        name
        for each in operation.types
        for name in resource_arns.naming(operation.prefix, each, operation.operation, given)
    ]
    return tuple(dict.fromkeys(names))


@functools.lru_cache(maxsize=4096)
def _named(
    operation: _Operation,
    given: tuple[str, ...],
    names: tuple[str, ...],
    values: tuple[str, ...],
    place: Place,
) -> Sequence[Resource]:
    """Return the resources that `names` with these `values` name; cached, as most calls repeat them."""
    parameters = {**dict.fromkeys(given, True), **dict(zip(names, values, strict=True))}
    return tuple(_derived_resources(operation, parameters, place))


def _derived_resources(
    operation: _Operation, parameters: Mapping[str, Any], place: Place
) -> Sequence[Resource]:
    unknown = UnknownResource(place.partition, operation.prefix)
    types = operation.types
    if not types:
        return ["*"]
    derived = _derived(operation, parameters, place)
    missing = [
        name
        for name, required in types.items()
        if name not in derived
        and (required or _may_name(operation.service, operation.operation, operation.prefix, name))
    ]
    if any(each.whole for each in derived.values()):
        # The missing types are alternatives that the ARN did not match.
        missing = []
    specific = _most_specific(derived)
    if missing and not specific:
        return [unknown]
    required_missing = [name for name in missing if types[name]]
    resources: list[Resource] = list(dict.fromkeys(arn for each in specific for arn in each.arns))
    return [*resources, *([unknown] if required_missing else [])] or ["*"]


def _derived(
    operation: _Operation, parameters: Mapping[str, Any], place: Place
) -> dict[str, Derived]:
    derived = {
        name: resource_arns.derive(operation.prefix, name, operation.operation, parameters, place)
        for name in operation.types
    }
    return {name: each for name, each in derived.items() if each}


def _most_specific(derived: Mapping[str, Derived]) -> list[Derived]:
    """Return the resources that no other one names with more parameters: an index rather than its table."""
    return [
        each
        for each in derived.values()
        if not any(each.parameters < other.parameters for other in derived.values())
    ]


@functools.cache
def _may_name(service: str, operation: str, prefix: str, resource_type: str) -> bool:
    members = tuple(parameters_of(operation_of(service, operation)))
    return resource_arns.may_name(prefix, resource_type, operation, members)
