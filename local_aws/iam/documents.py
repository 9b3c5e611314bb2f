"""Which policy documents IAM refuses to store, with its messages: "Grammar of the IAM JSON policy language".

moto's validators have messages recorded from AWS. This module refuses more of what AWS refuses, and accepts what moto's
validators wrongly refuse.
"""

import json
import re
from collections.abc import Mapping
from enum import Enum, auto
from typing import Any

from moto.iam.exceptions import MalformedPolicyDocument
from moto.iam.policy_validation import (
    BaseIAMPolicyValidator,
    IAMPolicyDocumentValidator,
    IAMTrustPolicyDocumentValidator,
)

from local_aws.iam import conditions
from local_aws.iam.elements import as_list, statements_in, texts

_SYNTAX = "Syntax errors in policy."
_LEGACY = "The policy failed legacy parsing"
_ACTION = re.compile(r"\*|[^:]+:[A-Za-z0-9*?, -]+")
_SID = re.compile(r"[0-9A-Za-z]*")
_PRINCIPALS = {
    "AWS": re.compile(
        r"\*|\d{12}|A(IDA|ROA)[A-Z0-9]+"
        r"|arn:aws[\w-]*:iam::\d{12}:(root|(user|role)/[^*?]+)"
        r"|arn:aws[\w-]*:sts::\d{12}:(assumed-role|federated-user)/[^*?]+"
    ),
    "Service": re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+"),
    "Federated": re.compile(r"\*|[a-z0-9-]+(\.[a-z0-9-]+)+|arn:[^*?]+"),
    "CanonicalUser": re.compile(r"[0-9a-f]+"),
}


class Kind(Enum):
    """The purpose of a document: a policy of an identity, a trust policy, or a session policy."""

    IDENTITY = auto()
    TRUST = auto()
    SESSION = auto()


class _AnyVersion(BaseIAMPolicyValidator):  # type: ignore[misc] # moto has no types
    """A validator that accepts every version of the language: only policies of identities need the newer one."""

    def _validate_version(self) -> None:
        """Accept every version."""


class _Session(_AnyVersion, IAMPolicyDocumentValidator):  # type: ignore[misc] # moto has no types
    """A session policy."""


class _Trust(_AnyVersion, IAMTrustPolicyDocumentValidator):  # type: ignore[misc] # moto has no types
    """A role's trust policy."""


_VALIDATORS = {
    Kind.IDENTITY: IAMPolicyDocumentValidator,
    Kind.SESSION: _Session,
    Kind.TRUST: _Trust,
}


def fault(document: str, kind: Kind) -> str | None:
    """Return the message of IAM's MalformedPolicyDocument error for a document; None if IAM would store it."""
    try:
        policy = json.loads(
            document, object_pairs_hook=_without_duplicates, parse_constant=_no_number
        )
        if not _is_well_formed(policy):
            return _SYNTAX
        _VALIDATORS[kind](json.dumps(_with_texts(policy))).validate()
    except (ValueError, RecursionError):
        return _SYNTAX
    except MalformedPolicyDocument as error:
        return str(error.message)
    for statement in statements_in(policy):
        if not _SID.fullmatch(statement.get("Sid", "")):
            return (
                "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression "
                "[0-9A-Za-z]*"
            )
        actions = texts(statement.get("Action", statement.get("NotAction")))
        if not all(map(_ACTION.fullmatch, actions)):
            return _LEGACY
        if sentence := _principal_fault(statement, kind):
            return sentence
    return None


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name occurs twice")
    return members


def _no_number(text: str) -> None:
    raise ValueError(text)


def _is_well_formed(policy: Any) -> bool:
    """Whether a document follows the grammar where moto's validators do not check it: mostly the types of values."""
    if not isinstance(policy, dict) or not policy.get("Statement"):
        return False
    return all(
        isinstance(statement, dict)
        and all(
            _are_texts(statement[name])
            for name in ("Action", "NotAction", "Resource", "NotResource")
            if name in statement
        )
        and all(
            _is_principal(statement[name])
            for name in ("Principal", "NotPrincipal")
            if name in statement
        )
        and not {"Principal", "NotPrincipal"} <= statement.keys()
        and _is_condition(statement.get("Condition", {}))
        for statement in statements_in(policy)
    )


def _are_texts(value: Any) -> bool:
    return all(isinstance(item, str) for item in as_list(value))


def _is_principal(value: Any) -> bool:
    if isinstance(value, dict):
        return (
            bool(value)
            and value.keys() <= _PRINCIPALS.keys()
            and all(map(_are_texts, value.values()))
        )
    return bool(value == "*")


def _is_condition(element: Any) -> bool:
    return isinstance(element, dict) and all(
        isinstance(keys, dict)
        and (conditions.is_operator(operator) or (operator and not keys))
        and all(_are_values(values) for values in keys.values())
        for operator, keys in element.items()
    )


def _are_values(value: Any) -> bool:
    # A boolean is an int too.
    return all(isinstance(item, str | int | float) for item in as_list(value))


def _with_texts(policy: Mapping[str, Any]) -> dict[str, Any]:
    """Return the policy with numbers in conditions as strings: moto's validators refuse numbers."""
    statements = [
        {
            **statement,
            "Condition": {
                operator: {key: list(texts(values)) for key, values in keys.items()}
                for operator, keys in statement["Condition"].items()
            },
        }
        if "Condition" in statement
        else statement
        for statement in statements_in(policy)
    ]
    return {**policy, "Statement": statements}


def _principal_fault(statement: Mapping[str, Any], kind: Kind) -> str | None:
    element = statement.get("Principal", statement.get("NotPrincipal"))
    if kind is not Kind.TRUST:
        return None if element is None else "Policy document should not specify a principal."
    if element is None:
        return "Missing required field Principal"
    if "NotPrincipal" in statement and statement["Effect"] == "Allow":
        return "Allow with NotPrincipal is not allowed."
    for name, values in element.items() if isinstance(element, dict) else ():
        for value in texts(values):
            if not _PRINCIPALS[name].fullmatch(value):
                return f'Invalid principal in policy: "{name.upper()}":"{value}"'
    return None
