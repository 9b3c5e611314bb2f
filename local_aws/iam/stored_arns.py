"""ARNs that a call does not contain as a whole: of a role with a path, a secret with a suffix, an alias's key."""

from typing import Any

from moto.backends import get_backend
from moto.iam.models import iam_backends

from local_aws.arns import parse_arn


def iam_arn(kind: str, name: str, account: str, partition: str) -> str | None:
    """Return the ARN of a role, a user, a group or the like; None if none has this name."""
    iam = iam_backends[account][partition]
    stored: dict[str, Any] = {
        "group": iam.groups,
        "instance-profile": iam.instance_profiles,
        "role": iam.roles,
        "server-certificate": iam.certificates,
        "user": iam.users,
    }
    for each in stored.get(kind, {}).values():
        if getattr(each, "name", None) == name or getattr(each, "cert_name", None) == name:
            return str(each.arn)
    return None


def secret_arn(name_or_arn: str, account: str, region: str) -> str | None:
    """Return the ARN of a secret with its suffix; None if it does not exist."""
    secret = get_backend("secretsmanager")[account][region].secrets.get(name_or_arn)
    return str(secret.arn) if secret else None


def key_arn(key: str, account: str, region: str) -> str | None:
    """Return the ARN of a KMS key, given its id, its ARN or an alias; None if it does not exist."""
    kms = get_backend("kms")[account][region]
    arn = parse_arn(key)
    name = arn.resource if arn else key
    if name.startswith("alias/"):
        name = str(kms.get_key_id_from_alias(name) or "")
    stored = kms.keys.get(name.removeprefix("key/"))
    return str(stored.arn) if stored else None
