"""Decides whether policies allow an access, after "Policy evaluation logic" in the IAM guide."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from local_aws.iam import resource_policy, statements
from local_aws.iam.principal_element import Caller, Named
from local_aws.iam.protected import is_protected
from local_aws.iam.resource_policy import ResourcePolicy
from local_aws.iam.statements import Access
from local_aws.iam.undecided import UndecidedError, any_holds

IDENTITY = "identity-based policy"
BOUNDARY = "permissions boundary"
SESSION = "session policy"
RESOURCE = "resource-based policy"
_KEY = re.compile(r"arn:[^:]+:kms:[^:]*:[^:]*:key/")
# Everyone may call it, even if a policy denies it.
_ALWAYS_ALLOWED = "sts:getcalleridentity"


@dataclass(frozen=True)
class PolicySet:
    """JSON documents of one kind, such as "identity-based policy", as AWS's messages call it."""

    kind: str
    documents: tuple[str, ...]


@dataclass(frozen=True)
class Target:
    """The policy of the requested resource, and the caller that it may name."""

    policy: ResourcePolicy
    caller: Caller


@dataclass(frozen=True)
class Decision:
    """Whether an access is allowed, and if not, the reason, which is the end of AWS's message."""

    allowed: bool
    reason: str = ""
    explicit: bool = False


def decide(policies: Sequence[PolicySet], access: Access, target: Target | None = None) -> Decision:
    """Decide as IAM does: no statement may deny the access, and each set of policies, or the resource's, must allow it.

    If a statement cannot be evaluated here, a Deny applies and an Allow does not, and the reason says so.
    """
    if access.action.lower() == _ALWAYS_ALLOWED:
        return Decision(True)
    if denial := _explicit_deny(policies, access, target):
        return denial
    if is_protected(access.action, access.resource):
        return Decision(False, "because only AWS itself can change it")
    named = _allowed_by_resource(access, target)
    if named is Named.NOT and (_must_be_named(target) if target else _is_key(access)):
        return Decision(False, f"because no {RESOURCE} allows the {access.action} action")
    spared = _spared(named, target)
    for policy_set in policies:
        if policy_set.kind in spared:
            continue
        lacking = f"because no {policy_set.kind} allows the {access.action} action"
        try:
            if not _any_applies(policy_set, "Allow", access):
                return Decision(False, lacking)
        except UndecidedError as error:
            return Decision(False, f"{lacking} for certain: {_sentence(error)}")
    return Decision(True)


def _explicit_deny(
    policies: Sequence[PolicySet], access: Access, target: Target | None
) -> Decision | None:
    undecided: Decision | None = None
    has_boundary = any(each.kind == BOUNDARY for each in policies)
    kinds: list[PolicySet | Target] = [*policies, *([target] if target else [])]
    for kind in kinds:
        name = kind.kind if isinstance(kind, PolicySet) else RESOURCE
        try:
            if _denies(kind, access, has_boundary=has_boundary):
                return Decision(False, f"with an explicit deny in {_a(name)}", explicit=True)
        except UndecidedError as error:
            undecided = Decision(
                False, f"because of {_a(name)} that may deny it: {_sentence(error)}"
            )
    return undecided


def _denies(kind: PolicySet | Target, access: Access, *, has_boundary: bool) -> bool:
    if isinstance(kind, PolicySet):
        return _any_applies(kind, "Deny", access)
    return resource_policy.denies(kind.policy, kind.caller, access, has_boundary=has_boundary)


def _any_applies(policy_set: PolicySet, effect: str, access: Access) -> bool:
    """Whether a statement applies; raises UndecidedError if one may, and none certainly does."""
    of_effect = statements.of_effect(policy_set.documents, effect)
    return any_holds(lambda statement: statement.applies(access), of_effect)


def _allowed_by_resource(access: Access, target: Target | None) -> Named:
    if target is None:
        return Named.NOT
    try:
        return resource_policy.allows(target.policy, target.caller, access)
    except UndecidedError:
        # A document that is not a policy allows nothing.
        return Named.NOT


def _must_be_named(target: Target) -> bool:
    return target.policy.decides or _elsewhere(target) or target.caller.service is not None


def _is_key(access: Access) -> bool:
    """Whether the access is to a KMS key: nobody may use one that its policy does not allow them to."""
    return isinstance(access.resource, str) and _KEY.match(access.resource) is not None


def _elsewhere(target: Target) -> bool:
    return target.policy.account != target.caller.account


def _spared(named: Named, target: Target | None) -> tuple[str, ...]:
    """Return the kinds of policy that need not also allow what the resource's policy allows.

    In the same account these are the identity's policies and, if the policy names the user or session itself, the
    boundary. According to the guide, that session may even exceed its session policy, but here it may not.
    """
    if target is None or named <= Named.ACCOUNT or _elsewhere(target):
        return ()
    return (IDENTITY, BOUNDARY) if named is Named.ITSELF else (IDENTITY,)


def _sentence(error: UndecidedError) -> str:
    return f"the local AWS cannot evaluate it, as {error}"


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
