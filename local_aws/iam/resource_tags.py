"""The tags of the resources of the local AWS, for the condition key aws:ResourceTag and those of the services."""

from collections.abc import Mapping
from typing import Any

from moto.core.resource_tagging import iter_taggable_backends
from moto.iam.models import iam_backends

from local_aws.iam.resource_arns import Place
from local_aws.iam.resources import Resource
from local_aws.iam.undecided import UndecidedError


def account_of(resource: Resource) -> str | None:
    """Return the account in a resource's ARN; None if it has none, as a bucket's."""
    parts = resource.split(":", 5) if isinstance(resource, str) else []
    return (parts[4] or None) if len(parts) > 4 else None


def tags(resource: Resource, place: Place) -> Mapping[str, str]:
    """Return the tags of a resource, by their keys in lower case; one that does not exist has none.

    Raises UndecidedError if they are not known here.
    """
    if not isinstance(resource, str):
        raise UndecidedError("it cannot tell which resource the request is for")
    if resource == "*":
        return {}
    service = resource.split(":", 3)[2]
    found = _iam_tags(resource, place) if service == "iam" else _tagged(service, resource, place)
    return {key.lower(): value for key, value in found.items()}


def _iam_tags(resource: str, place: Place) -> Mapping[str, str]:
    iam = iam_backends[place.account][place.partition]
    stored = (*iam.roles.values(), *iam.users.values(), *iam.managed_policies.values())
    for each in stored:
        if each.arn == resource:
            return _mapping(getattr(each, "tags", None) or [])
    return {}


def _tagged(service: str, resource: str, place: Place) -> Mapping[str, str]:
    """Ask the services that take part in moto's Resource Groups Tagging API."""
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
