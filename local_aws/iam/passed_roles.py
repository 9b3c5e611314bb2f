"""Roles that a call passes to a service: "Grant a user permissions to pass a role to an AWS service"."""

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from moto.core.utils import get_service_model

from local_aws.iam.api_call import ApiCall

_ROLE = re.compile(r"arn:[^:]+:iam::\d{12}:role/.+")
_NAME = re.compile(r"role(arn)?$", re.IGNORECASE)
# Services whose parameters name roles to assume, change or describe, and not to pass.
_OWN = ("iam", "sts")
# The services whose principal has another name than their API.
_PRINCIPALS = {"stepfunctions": "states", "elbv2": "elasticloadbalancing"}
_DEPTH = 6


def passed_roles(call: ApiCall) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the ARN of each role that the call passes to a service, with the condition keys of iam:PassRole."""
    if call.service in _OWN or not _takes_roles(call.service, call.operation):
        return
    service = _PRINCIPALS.get(call.service, call.service)
    keys = {"iam:passedtoservice": f"{service}.amazonaws.com"}
    for role in dict.fromkeys(_roles(call.parameters, _DEPTH)):
        yield role, keys


@functools.cache
def _takes_roles(service: str, operation: str) -> bool:
    """Whether a parameter of the operation, or a member of one, may name a role."""
    shape = get_service_model(service).operation_model(operation).input_shape
    return shape is not None and _has_role(shape, _DEPTH)


def _has_role(shape: Any, depth: int) -> bool:
    if not depth:
        return False
    if shape.type_name == "structure":
        return any(
            _NAME.search(name) is not None or _has_role(member, depth - 1)
            for name, member in shape.members.items()
        )
    if shape.type_name == "list":
        return _has_role(shape.member, depth - 1)
    return shape.type_name == "map" and _has_role(shape.value, depth - 1)


def _roles(value: Any, depth: int) -> Iterator[str]:
    if not depth:
        return
    if isinstance(value, Mapping):
        for name, item in value.items():
            if isinstance(item, str):
                if _NAME.search(str(name)) and _ROLE.fullmatch(item):
                    yield item
            else:
                yield from _roles(item, depth - 1)
    elif isinstance(value, list):
        for item in value:
            yield from _roles(item, depth - 1)
