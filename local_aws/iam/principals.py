"""Finds the principal that owns an access key, with its current policies, in moto's IAM and STS."""

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moto.core.utils import utcnow
from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from local_aws.arns import Arn
from local_aws.iam import principal_keys, user_sessions
from local_aws.iam.context import Value
from local_aws.iam.identity_policies import (
    identity_policies,
    managed_documents,
    session_policies,
)
from local_aws.iam.policy import IDENTITY, SESSION, PolicySet
from local_aws.iam.principal_element import Caller
from local_aws.iam.user_sessions import UserSession

# Attributes of moto's sessions: `moto_seams.sts` adds the managed policies, `functions.credentials` the function.
SESSION_POLICY_ARNS = "policy_arns"
SOURCE_FUNCTION_ARN = "source_function_arn"
_EVERYTHING = (
    '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
)


@dataclass(frozen=True)
class Principal:
    """A user or the session of a role, with its condition keys and its policies."""

    caller: Caller
    keys: Callable[[], Mapping[str, Value | None]]
    policies: tuple[PolicySet, ...]

    @functools.cached_property
    def context(self) -> Mapping[str, Value | None]:
        """The values of condition keys, None for absent ones; computed when a condition first needs one."""
        return self.keys()

    @property
    def arn(self) -> str:
        """The ARN in AWS's messages."""
        return self.caller.arn

    @property
    def account(self) -> str:
        """The account id."""
        return self.caller.account


@dataclass(frozen=True)
class AccessKey:
    """A key of a principal; only that of a session has a token and can expire."""

    principal: Principal
    secret: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)
    active: bool = True
    expired: bool = False


def find_key(access_key_id: str) -> AccessKey | None:
    """Return the key, of whatever account; None if neither IAM nor STS issued it."""
    for account, partitions in list(iam_backends.items()):
        for partition, iam in list(partitions.items()):
            if key := iam.access_keys.get(access_key_id):
                return (
                    _session_key(access_key_id, account, partition)
                    or _user_session_key(access_key_id, account, partition)
                    or _user_key(key, iam)
                )
    return None


def find_identity(arn: str) -> Principal | None:
    """Return the user, group or role with an ARN, for simulations; None if it does not exist."""
    partition, _, _, account, resource = Arn.of(arn)
    iam = iam_backends[account][partition]
    stored = {
        "user": iam.users.values(),
        "role": iam.get_roles(),
        "group": iam.groups.values(),
    }.get(resource.partition("/")[0], ())
    for identity in stored:
        if identity.arn == arn:
            user = resource.startswith("user/")
            groups = iam.get_groups_for_user(identity.name) if user else ()
            kind = "User" if user else None
            keys = functools.partial(principal_keys.common, arn, account, kind, _tags(identity))
            policies = identity_policies(iam, identity, groups)
            role_arn = arn if resource.startswith("role/") else None
            return Principal(Caller(arn, account, role_arn), keys, policies)
    return None


def role_session(
    role_arn: str,
    session_name: str,
    session_policy: str | None = None,
    session_policy_arns: Iterable[str] = (),
    issued: datetime | None = None,
    source_function_arn: str | None = None,
) -> Principal:
    """Return the principal of a session of a role; without the role, it may do nothing."""
    partition, _, _, account, path = Arn.of(role_arn)
    iam = iam_backends[account][partition]
    role = _role(iam, role_arn)
    if role and issued and _is_newer(role, issued):
        role = None
    arn = f"arn:{partition}:sts::{account}:assumed-role/{path.rpartition('/')[2]}/{session_name}"

    def keys() -> Mapping[str, Value | None]:
        return {
            **principal_keys.common(role_arn, account, "AssumedRole", _tags(role) if role else {}),
            "aws:userid": f"{role.id}:{session_name}" if role else None,
            "aws:tokenissuetime": principal_keys.time(issued or utcnow()),
            # "Checking the MFA status": requests of a session have this key, those of a user's access key do not.
            "aws:multifactorauthpresent": "false",
            "lambda:sourcefunctionarn": source_function_arn,
        }

    return Principal(
        caller=Caller(arn, account, role_arn=role_arn),
        keys=keys,
        policies=(
            # moto's STS also issues sessions of roles that do not exist.
            *(identity_policies(iam, role) if role else (PolicySet(IDENTITY, ()),)),
            *session_policies(iam, session_policy, session_policy_arns),
        ),
    )


def _session_key(access_key_id: str, account: str, partition: str) -> AccessKey | None:
    for session in reversed(sts_backends[account][partition].assumed_roles):
        if session.access_key_id == access_key_id:
            return AccessKey(
                principal=role_session(
                    session.role_arn,
                    session.session_name,
                    session.policy,
                    getattr(session, SESSION_POLICY_ARNS, ()),
                    session.access_key.create_date,
                    getattr(session, SOURCE_FUNCTION_ARN, None),
                ),
                secret=session.secret_access_key,
                session_token=session.session_token,
                expired=session.expiration <= utcnow(),
            )
    return None


def _user_key(key: Any, iam: Any) -> AccessKey | None:
    user = iam.users.get(key.user_name)
    if user is None or _is_newer(user, key.create_date):
        return None
    return AccessKey(
        principal=_user(user, iam),
        secret=key.secret_access_key,
        active=key.status == "Active",
    )


def _user(user: Any, iam: Any) -> Principal:
    def keys() -> Mapping[str, Value | None]:
        return {
            **principal_keys.common(user.arn, user.account_id, "User", _tags(user)),
            "aws:username": user.name,
            "aws:userid": user.id,
        }

    policies = identity_policies(iam, user, iam.get_groups_for_user(user.name))
    return Principal(Caller(user.arn, user.account_id), keys, policies)


def _root(account: str, partition: str) -> Principal:
    arn = f"arn:{partition}:iam::{account}:root"
    keys = functools.partial(principal_keys.common, arn, account, "Account", {})
    return Principal(Caller(arn, account), keys, (PolicySet(IDENTITY, (_EVERYTHING,)),))


def _user_session_key(access_key_id: str, account: str, partition: str) -> AccessKey | None:
    iam = iam_backends[account][partition]
    session = user_sessions.find(iam, access_key_id)
    user = iam.users.get(session.user_name) if session else None
    if session is None or (session.user_name is not None and user is None):
        return None
    if user and _is_newer(user, session.issued):
        return None
    owner = _user(user, iam) if user else _root(account, partition)
    return AccessKey(
        principal=_user_session(session, owner, iam, partition),
        secret=session.secret,
        session_token=session.token,
        expired=session.expired,
    )


def _user_session(session: UserSession, owner: Principal, iam: Any, partition: str) -> Principal:
    """Return the principal of a session of a user or of the account."""
    added = {
        "aws:tokenissuetime": principal_keys.time(session.issued),
        "aws:multifactorauthpresent": "false",
    }
    if session.federated_name is None:
        limit = PolicySet(SESSION, (user_sessions.PLAIN_LIMIT,))
        keys = functools.partial(_merged, lambda: owner.context, added)
        return Principal(owner.caller, keys, (*owner.policies, limit))
    account, name = owner.account, session.federated_name
    arn = f"arn:{partition}:sts::{account}:federated-user/{name}"
    named = functools.partial(principal_keys.common, arn, account, "FederatedUser", {})
    managed = managed_documents(iam, session.policy_arns)
    return Principal(
        Caller(arn, account),
        functools.partial(_merged, named, {**added, "aws:userid": f"{account}:{name}"}),
        (
            *owner.policies,
            PolicySet(SESSION, (*session.documents, *managed)),
            PolicySet(SESSION, (user_sessions.FEDERATED_LIMIT,)),
        ),
    )


def _merged(
    keys: Callable[[], Mapping[str, Value | None]], added: Mapping[str, Value]
) -> Mapping[str, Value | None]:
    return {**keys(), **added}


def _is_newer(identity: Any, issued: datetime) -> bool:
    """Whether a role or user was created after a key was issued: the key belongs to a deleted one of the same name."""
    return bool(identity.create_date > issued)


def _role(iam: Any, role_arn: str) -> Any:
    try:
        return iam.get_role_by_arn(role_arn)
    except NotFoundException:
        return None


def _tags(identity: Any) -> dict[str, str]:
    """Return the tags of a user or a role; a group has none."""
    return {tag["Key"]: tag["Value"] for tag in getattr(identity, "tags", None) or ()}
