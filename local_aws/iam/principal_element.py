"""The Principal element of resource-based policies, after "IAM JSON policy elements: Principal" in the IAM guide."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Self

from local_aws.iam.elements import texts

_ACCOUNT = re.compile(r"(?:arn:[^:]+:iam::)?(\d{12})(?::root)?")


@dataclass(frozen=True)
class Caller:
    """Who calls: a user, the session of a role (whose ARN is `role_arn`), or a service such as s3.amazonaws.com."""

    arn: str
    account: str
    role_arn: str | None = None
    service: str | None = None


class Named(IntEnum):
    """How directly a Principal element names a caller."""

    NOT = 0
    # The caller's account: the decision is left to the caller's own policies.
    ACCOUNT = 1
    ANYONE = 2
    # The role of the caller's session.
    ROLE = 3
    ITSELF = 4


@dataclass(frozen=True)
class PrincipalElement:
    """The values of a Principal or a NotPrincipal element, by their kind: AWS, Service, Federated, CanonicalUser."""

    values: Mapping[str, tuple[str, ...]]
    negated: bool

    @classmethod
    def read(cls, statement: Mapping[str, Any]) -> Self | None:
        """Read the element of a statement; None if the statement has none."""
        for name in ("Principal", "NotPrincipal"):
            if name in statement:
                value = statement[name]
                kinds = value if isinstance(value, Mapping) else {"AWS": value}
                values = {kind: texts(values) for kind, values in kinds.items()}
                return cls(values, negated=name == "NotPrincipal")
        return None

    def names(self, caller: Caller) -> Named:
        """Return how directly the element names the caller; NotPrincipal names all that it does not list themselves."""
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
    """Whether the caller is a session of the role; paths are not compared, as the ARN of a session has none."""
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
