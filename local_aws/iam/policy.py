"""Whether policies allow something, as "Policy evaluation logic" in the IAM guide decides it."""

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local_aws.iam import conditions
from local_aws.iam.conditions import Context
from local_aws.iam.elements import UnsupportedElementError, like, resource_like, texts

Statement = Mapping[str, Any]
_ELEMENTS = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}


@dataclass(frozen=True)
class Access:
    """What is asked for: an action such as dynamodb:PutItem, on an ARN, or on * where there is none to name."""

    action: str
    resource: str
    context: Context


@dataclass(frozen=True)
class PolicySet:
    """JSON documents of one kind, named as AWS's messages name it: "identity-based policy"."""

    kind: str
    documents: tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """Whether it is allowed and, if not, why, as the end of AWS's sentence about it."""

    allowed: bool
    reason: str = ""


def decide(policies: Sequence[PolicySet], access: Access) -> Decision:
    """Decide as IAM does within one account: an explicit deny ends it; else each set must allow.

    What cannot be evaluated never lets anything through: a Deny with it applies, an Allow does not; the reason says so.
    """
    for policy_set in policies:
        try:
            if _any_applies(policy_set, "Deny", access):
                return Decision(False, f"with an explicit deny in {_a(policy_set.kind)}")
        except UnsupportedElementError as error:
            return Decision(False, f"because of {_a(policy_set.kind)} that may deny it: {error}")
    for policy_set in policies:
        lacking = f"because no {policy_set.kind} allows the {access.action} action"
        try:
            if not _any_applies(policy_set, "Allow", access):
                return Decision(False, lacking)
        except UnsupportedElementError as error:
            return Decision(False, f"{lacking} for certain: {error}")
    return Decision(True)


def _any_applies(policy_set: PolicySet, effect: str, access: Access) -> bool:
    """Whether a statement applies; raises UnsupportedElementError if none does for certain, but one may."""
    doubt: UnsupportedElementError | None = None
    for document in policy_set.documents:
        try:
            if any(
                statement["Effect"] == effect and _applies(statement, access)
                for statement in _statements(document)
            ):
                return True
        except UnsupportedElementError as error:
            doubt = error
    if doubt:
        raise UnsupportedElementError(f"the local AWS cannot evaluate {doubt}")
    return False


@functools.lru_cache(maxsize=1024)
def _statements(document: str) -> tuple[Statement, ...]:
    try:
        statements = json.loads(document)["Statement"]
    except (ValueError, LookupError, TypeError) as error:  # STS takes any text for a session policy
        raise UnsupportedElementError("a document that is no policy") from error
    return tuple(statements) if isinstance(statements, list) else (statements,)


def _applies(statement: Statement, access: Access) -> bool:
    if not _matches(statement, "Action", access.action, _action_like):
        return False
    if not _matches(statement, "Resource", access.resource, resource_like):
        return False
    for element in statement.keys() - _ELEMENTS:
        raise UnsupportedElementError(f"the element {element}")
    return conditions.hold(statement.get("Condition", {}), access.context)


def _matches(
    statement: Statement, element: str, actual: str, match: Callable[[str, str], bool]
) -> bool:
    negated = f"Not{element}" in statement
    patterns = texts(statement.get(f"Not{element}" if negated else element, []))
    return any(match(pattern, actual) for pattern in patterns) != negated


def _action_like(pattern: str, action: str) -> bool:
    return like(pattern.lower(), action.lower())


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
