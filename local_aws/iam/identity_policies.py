"""The policies of users, groups, roles and sessions in moto's IAM."""

from collections.abc import Iterable
from typing import Any

from local_aws.iam.policy import BOUNDARY, IDENTITY, SESSION, PolicySet

# The attribute of moto's roles with the ARN of their boundary, which `moto_seams.iam` adds to users.
BOUNDARY_ARN = "permissions_boundary_arn"


def identity_policies(iam: Any, identity: Any, groups: Iterable[Any] = ()) -> tuple[PolicySet, ...]:
    """Return the identity-based policies of a user, role or group, with those of `groups`, and the boundary if any."""
    documents = [text for each in (identity, *groups) for text in _documents(each)]
    policies = PolicySet(IDENTITY, tuple(documents))
    boundary = getattr(identity, BOUNDARY_ARN, None)
    if not boundary:
        return (policies,)
    return (policies, PolicySet(BOUNDARY, tuple(managed_documents(iam, [boundary]))))


def session_policies(iam: Any, document: str | None, arns: Iterable[str]) -> tuple[PolicySet, ...]:
    """Return the session policies of a session, inline and managed: one set, of which any may allow an access."""
    wanted = list(arns)
    if not document and not wanted:
        return ()
    return (
        PolicySet(SESSION, (*([document] if document else []), *managed_documents(iam, wanted))),
    )


def _documents(identity: Any) -> Iterable[str]:
    """Yield the inline and attached policies of moto's role, user or group."""
    yield from list(identity.policies.values())
    yield from map(_default_version, list(identity.managed_policies.values()))


def managed_documents(iam: Any, arns: Iterable[str]) -> Iterable[str]:
    """Return the documents of managed policies, without those that no longer exist."""
    stored = (iam.managed_policies.get(arn) for arn in arns)
    return (_default_version(policy) for policy in stored if policy)


def _default_version(policy: Any) -> str:
    document: str = next(version.document for version in policy.versions if version.is_default)
    return document
