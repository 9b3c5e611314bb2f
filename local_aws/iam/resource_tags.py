"""The tags of resources, for the condition key aws:ResourceTag and those of services."""

from collections.abc import Mapping
from typing import Any

from moto.core.resource_tagging import iter_taggable_backends
from moto.iam.models import iam_backends

from local_aws.arns import Arn, parse_arn
from local_aws.iam.resource_arns import Place
from local_aws.iam.resources import Resource
from local_aws.iam.undecided import UndecidedError


def account_of(resource: Resource) -> str | None:
    """Return the account in the ARN of a resource; None if it has none, like that of a bucket."""
    arn = parse_arn(resource) if isinstance(resource, str) else None
    return (arn.account or None) if arn else None


def tags(resource: Resource, place: Place) -> Mapping[str, str]:
    """Return the tags of a resource by their keys in lower case; a resource that does not exist has none.

    Raises UndecidedError if moto does not provide the tags of the service.
    """
    if not isinstance(resource, str):
        raise UndecidedError("it cannot tell which resource the request is for")
    if resource == "*":
        return {}
    find = _iam_tags if Arn.of(resource).service == "iam" else _tags_in_backends
    return {key.lower(): value for key, value in find(resource, place).items()}


def _iam_tags(resource: str, place: Place) -> Mapping[str, str]:
    iam = iam_backends[place.account][place.partition]
    stored = (*iam.roles.values(), *iam.users.values(), *iam.managed_policies.values())
    for each in stored:
        if each.arn == resource:
            return _mapping(getattr(each, "tags", None) or [])
    return {}


def _tags_in_backends(resource: str, place: Place) -> Mapping[str, str]:
    """Return the tags from the services that support moto's Resource Groups Tagging API."""
    service = Arn.of(resource).service
    namespaces = set()
    for backend in iter_taggable_backends(place.account, place.region):
        namespaces.add(backend.SERVICE_NAMESPACE)
        if service == backend.SERVICE_NAMESPACE:
            for each in backend.iter_tagged_resources():
                if each.arn == resource:
                    return _mapping(each.tags)
    is_object = service == "s3" and "/" in resource
    if service not in namespaces or is_object:
        raise UndecidedError(f"it does not know the tags of {resource}")
    return {}


def _mapping(listed: Any) -> Mapping[str, str]:
    if isinstance(listed, Mapping):
        return {
            key: value["Value"] if isinstance(value, Mapping) else value
            for key, value in listed.items()
        }
    return {tag["Key"]: tag["Value"] for tag in listed}
