"""The Principal element of a resource's policy, as "IAM JSON policy elements: Principal" in the IAM guide has it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Self

from local_aws.iam.conditions import texts

_ACCOUNT = re.compile(r"(?:arn:[^:]+:iam::)?(\d{12})(?::root)?")


@dataclass(frozen=True)
class Caller:
    """Who asks: a user, a role's session with the ARN of the role, or a service such as s3.amazonaws.com."""

    arn: str
    account: str
    role_arn: str | None = None
    service: str | None = None


class Named(IntEnum):
    """How directly a Principal element names a caller."""

    NOT = 0
    ACCOUNT = 1  # its account, which leaves the decision to the policies of the caller
    ANYONE = 2
    ROLE = 3  # the role of its session
    ITSELF = 4


@dataclass(frozen=True)
class PrincipalElement:
    """The values of a Principal or a NotPrincipal element, by their kind: AWS, Service, Federated, CanonicalUser."""

    values: Mapping[str, tuple[str, ...]]
    negated: bool

    @classmethod
    def read(cls, statement: Mapping[str, Any]) -> Self | None:
        """Read the element of a statement; None if it has none."""
        for name in ("Principal", "NotPrincipal"):
            if name in statement:
                value = statement[name]
                kinds = value if isinstance(value, Mapping) else {"AWS": value}
                values = {kind: texts(values) for kind, values in kinds.items()}
                return cls(values, negated=name == "NotPrincipal")
        return None

    def names(self, caller: Caller) -> Named:
        """Return how directly it names the caller; who is not excepted by NotPrincipal is named itself."""
        named = max(
            (
                _named(kind, value, caller)
                for kind, values in self.values.items()
                for value in values
            ),
            default=Named.NOT,
        )
        if self.negated:
            return Named.ITSELF if named == Named.NOT else Named.NOT
        return named


def _is_session_of(role_arn: str, caller: Caller) -> bool:
    """Whether the caller is a session of the role, which its name tells: a session's ARN has no path."""
    if caller.role_arn is None or caller.arn == caller.role_arn:
        return False
    return _without_path(role_arn) == _without_path(caller.role_arn)


def _without_path(role_arn: str) -> tuple[str, str]:
    begin, _, path = role_arn.partition(":role/")
    return begin, path.rpartition("/")[2].lower()


def _named(kind: str, value: str, caller: Caller) -> Named:
    if value == "*":
        return Named.ANYONE
    if kind == "Service":
        return Named.ITSELF if value == caller.service else Named.NOT
    if kind != "AWS" or caller.service:
        return Named.NOT
    if value == caller.role_arn or _is_session_of(value, caller):
        return Named.ROLE
    if value == caller.arn:
        return Named.ITSELF
    account = _ACCOUNT.fullmatch(value)
    return Named.ACCOUNT if account and account[1] == caller.account else Named.NOT
