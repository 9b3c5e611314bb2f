"""Finds the resource-based policies of buckets, queues, topics, keys, secrets, roles and functions."""

import re
from collections.abc import Callable
from typing import Any

from moto.backends import get_backend
from moto.iam.models import iam_backends

from local_aws.arns import Arn, parse_arn
from local_aws.iam.resource_arns import Place
from local_aws.iam.resource_policy import ResourcePolicy
from local_aws.iam.resources import Resource

# Returns the policy of a resource in JSON, given its ARN and where the call is made; None if it has none.
Provider = Callable[[str, Place], str | None]

# The services whose resource-based policies decide alone: trust policies of roles, and policies of keys.
_DECIDING = frozenset(("iam", "kms"))
# The only actions on a role that its trust policy is for.
_ASSUMING = "sts:assumerole"
NOBODY = '{"Statement": []}'
_ACCOUNT_NUMBER = re.compile(r"\d{12}")
_NO_ARN = Arn("", "", "", "", "")


def provide(service: str, provider: Provider) -> None:
    """Register the provider for the resources of a service, by the prefix of its actions."""
    _PROVIDERS[service] = provider


def of(action: str, resource: Resource, place: Place) -> ResourcePolicy | None:
    """Return the policy that applies to an action on a resource; None if there is none.

    A resource in another account that has no policy refuses everyone else: "Cross-account policy evaluation logic".
    """
    if not isinstance(resource, str) or resource == "*":
        return None
    arn = parse_arn(resource) or _NO_ARN
    assumes = action.lower().startswith(_ASSUMING)
    elsewhere = arn.account != place.account and _ACCOUNT_NUMBER.fullmatch(arn.account) is not None
    has_policies = (arn.service == "iam") is assumes
    provider = _PROVIDERS.get(arn.service) if has_policies else None
    document = provider(resource, place) if provider else None
    if document is None:
        refuses = assumes or elsewhere
        return ResourcePolicy(NOBODY, arn.account, decides=assumes) if refuses else None
    return ResourcePolicy(document, arn.account or place.account, arn.service in _DECIDING)


def _role(arn: str, place: Place) -> str | None:
    for role in iam_backends[Arn.of(arn).account][place.partition].roles.values():
        if role.arn == arn:
            return str(role.assume_role_policy_document)
    return None


def _bucket(arn: str, place: Place) -> str | None:
    buckets = get_backend("s3")[place.account][place.partition].buckets
    bucket = buckets.get(Arn.of(arn).resource.partition("/")[0])
    return bucket.policy.decode() if bucket is not None and bucket.policy else None


def _backend(arn: str) -> Any:
    """Return moto's backend for the resource with an ARN."""
    _, service, region, account, _ = Arn.of(arn)
    return get_backend(service)[account][region]


def _queue(arn: str, _: Place) -> str | None:
    queue = _backend(arn).queues.get(Arn.of(arn).resource)
    return _text(queue.policy) if queue is not None else None


def _topic(arn: str, _: Place) -> str | None:
    topic = _backend(arn).topics.get(arn)
    return _text(topic.policy) if topic is not None else None


def _key(arn: str, _: Place) -> str | None:
    name = Arn.of(arn).resource
    if not name.startswith("key/"):
        return None
    key = _backend(arn).keys.get(name.removeprefix("key/"))
    return _text(key.policy) if key is not None else None


def _secret(arn: str, _: Place) -> str | None:
    secret = _backend(arn).secrets.get(arn)
    return _text(getattr(secret, "policy", None))


def _text(policy: Any) -> str | None:
    return str(policy) if policy else None


_PROVIDERS: dict[str, Provider] = {
    "iam": _role,
    "kms": _key,
    "s3": _bucket,
    "secretsmanager": _secret,
    "sns": _topic,
    "sqs": _queue,
}
