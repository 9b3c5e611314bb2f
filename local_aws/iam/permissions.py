"""Which IAM actions an API call needs, and on which resources, by AWS's "Service Authorization Reference"."""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from moto.core.utils import get_service_model

from local_aws.iam import actions, reference, resource_arns, service_arns
from local_aws.iam.actions import Need
from local_aws.iam.api_call import ApiCall
from local_aws.iam.passed_roles import passed_roles
from local_aws.iam.resource_arns import Derived, Place
from local_aws.iam.resources import Resource, UnknownResource


@dataclass(frozen=True)
class Permission:
    """Permission to do an action, such as dynamodb:PutItem, on a resource, or on * where it has none.

    guessed: the reference has no such action. need: the part of the call that the permission is for.
    """

    action: str
    resource: Resource
    guessed: bool = False
    need: Need | None = field(default=None, compare=False)


def needed(call: ApiCall, place: Place) -> list[Permission]:
    """Return every permission that the call needs, one or more, with those to pass roles to a service."""
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


def _resources(call: ApiCall, need: Need, place: Place) -> list[Resource]:
    unknown = UnknownResource(place.partition, need.service)
    if need.guessed:
        return [unknown]
    special = service_arns.resources(call, need, place)
    if special is not None:
        return special or [unknown]
    action = reference.action(need.service, need.action)
    types = action.resource_types if action else {}
    if not types:
        return ["*"]
    derived = _derived(call, need, place, types)
    missing = [
        name
        for name, required in types.items()
        if name not in derived
        and (required or _may_name(call.service, call.operation, need.service, name))
    ]
    if any(each.whole for each in derived.values()):
        # The other types are what the ARN might have been of instead.
        missing = []
    found = _most_specific(derived)
    if missing and not found:
        return [unknown]
    required_missing = [name for name in missing if types[name]]
    resources: list[Resource] = list(dict.fromkeys(arn for each in found for arn in each.arns))
    return [*resources, *([unknown] if required_missing else [])] or ["*"]


def _derived(
    call: ApiCall, need: Need, place: Place, types: Mapping[str, bool]
) -> dict[str, Derived]:
    derived = {
        name: resource_arns.derive(need.service, name, call.operation, need.parameters, place)
        for name in types
    }
    return {name: each for name, each in derived.items() if each}


def _most_specific(derived: Mapping[str, Derived]) -> list[Derived]:
    """Leave out what another one names with more parameters: an index is asked for rather than its table."""
    return [
        each
        for each in derived.values()
        if not any(each.parameters < other.parameters for other in derived.values())
    ]


@functools.cache
def _may_name(service: str, operation: str, prefix: str, resource_type: str) -> bool:
    shape = get_service_model(service).operation_model(operation).input_shape
    members = tuple(shape.members) if shape is not None else ()
    return resource_arns.may_name(prefix, resource_type, operation, members)
