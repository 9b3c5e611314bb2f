"""Who an access key belongs to in the local IAM and STS, and the policies that stand there at this moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.core.utils import utcnow
from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from local_aws.iam.context import Value
from local_aws.iam.policy import PolicySet


@dataclass(frozen=True)
class Principal:
    """A role's session or a user: the ARN that AWS's messages name, what conditions can ask of it, and its policies."""

    arn: str
    account: str
    context: Mapping[str, Value | None]
    policies: tuple[PolicySet, ...]


@dataclass(frozen=True)
class AccessKey:
    """A key of a principal's; only a session's has a token, and can expire."""

    principal: Principal
    secret: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)
    active: bool = True
    expired: bool = False


def find_key(access_key_id: str) -> AccessKey | None:
    """Find the key in any account; None if neither IAM nor STS has given it out."""
    for account, partitions in list(iam_backends.items()):
        for partition, iam in list(partitions.items()):
            if key := iam.access_keys.get(access_key_id):
                return _session_key(access_key_id, account, partition) or _user_key(key, iam)
    return None


def role_session(role_arn: str, session_name: str, session_policy: str | None = None) -> Principal:
    """Return the principal that assuming the role gives."""
    _, partition, _, _, account, path = role_arn.split(":", 5)
    role_name = path.rpartition("/")[2]
    session_policies = (PolicySet("session policy", (session_policy,)),) if session_policy else ()
    return Principal(
        arn=f"arn:{partition}:sts::{account}:assumed-role/{role_name}/{session_name}",
        account=account,
        context=_context(role_arn, account, "AssumedRole", user_name=None),
        policies=(*_role_policies(iam_backends[account][partition], role_arn), *session_policies),
    )


def _session_key(access_key_id: str, account: str, partition: str) -> AccessKey | None:
    for session in reversed(sts_backends[account][partition].assumed_roles):
        if session.access_key_id == access_key_id:
            return AccessKey(
                principal=role_session(session.role_arn, session.session_name, session.policy),
                secret=session.secret_access_key,
                session_token=session.session_token,
                expired=session.expiration <= utcnow(),
            )
    return None


def _user_key(key: Any, iam: Any) -> AccessKey | None:
    user = iam.get_user_from_access_key_id(key.access_key_id)
    if user is None:
        return None
    groups = iam.get_groups_for_user(user.name)
    documents = [document for identity in (user, *groups) for document in _documents(identity)]
    return AccessKey(
        principal=Principal(
            arn=user.arn,
            account=user.account_id,
            context=_context(user.arn, user.account_id, "User", user.name),
            policies=(PolicySet("identity-based policy", tuple(documents)),),
        ),
        secret=key.secret_access_key,
        active=key.status == "Active",
    )


def _context(
    arn: str, account: str, kind: str, user_name: str | None
) -> Mapping[str, Value | None]:
    return {
        "aws:principalaccount": account,
        "aws:principalarn": arn,
        "aws:principaltype": kind,
        "aws:username": user_name,
    }


def _role_policies(iam: Any, role_arn: str) -> Iterable[PolicySet]:
    try:
        role = iam.get_role_by_arn(role_arn)
    except NotFoundException:
        # moto's STS lets anyone assume a role that is not there: it may do nothing.
        return (PolicySet("identity-based policy", ()),)
    identity = PolicySet("identity-based policy", tuple(_documents(role)))
    if not role.permissions_boundary_arn:
        return (identity,)
    boundary = iam.managed_policies.get(role.permissions_boundary_arn)
    documents = (_default_version(boundary),) if boundary else ()
    return (identity, PolicySet("permissions boundary", documents))


def _documents(identity: Any) -> Iterable[str]:
    """Return the inline and the attached policies of a role, a user or a group of moto's."""
    yield from list(identity.policies.values())
    yield from map(_default_version, list(identity.managed_policies.values()))


def _default_version(policy: Any) -> str:
    document: str = next(version.document for version in policy.versions if version.is_default)
    return document
