"""A case: one behaviour of Lambda, how it is asked for, what AWS answers, and where that is written."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.integration.fidelity.lab import Lab

VALIDATION = "ValidationException"
INVALID = "InvalidParameterValueException"
MISSING = "ResourceNotFoundException"
CONFLICT = "ResourceConflictException"
STALE = "PreconditionFailedException"
ARN = "arn:aws:lambda:us-east-1:123456789012:function:"


@dataclass(frozen=True)
class Source:
    """Where AWS's answer is taken from, and of when that is."""

    title: str
    date: str


RECORDED = Source("recordings of real AWS by others", "2025-11 to 2026-01")
MODEL = Source("service model `lambda/2015-03-31`, as botocore 1.44.5 ships it", "2026-11")


def report(thread: str, date: str) -> Source:
    """Return an issue or pull request on GitHub, which quotes AWS's answer, as a source."""
    return Source(f"a public report: {thread}", date)


def guide(page: str) -> Source:
    """Return a page of the AWS Lambda Developer Guide as a source."""
    return Source(f'Lambda Developer Guide, "{page}"', "2026-11")


def reference(operation: str) -> Source:
    """Return an operation of the AWS Lambda API Reference as a source."""
    return Source(f"Lambda API Reference, {operation}", "2026-11")


@dataclass(frozen=True)
class Difference:
    """What the local AWS answers instead, and why that is so on purpose."""

    here: object
    why: str


@dataclass(frozen=True)
class Case:
    """One behaviour. `ask` performs `asked` on a local AWS, and returns what `aws` is compared with.

    In `aws`, `…` stands for any text; names, UUIDs and times are written as `comparing` shows them. A case that needs
    namespaces is not performed on a machine that forbids them.
    """

    behaviour: str
    asked: str
    aws: object
    ask: Callable[[Lab], object]
    source: Source = RECORDED
    differs: Difference | None = None
    needs_namespaces: bool = False

    @property
    def expected(self) -> object:
        """What the local AWS is to answer."""
        return self.differs.here if self.differs else self.aws


def refusal(behaviour: str, aws: str, operation: str, **parameters: Any) -> Case:
    """Return the case of one call that is refused, of the function NAME unless the parameters name another.

    `aws` is the status, the code and the message.
    """
    return Case(
        behaviour,
        written(operation, parameters),
        aws,
        lambda lab: lab.refusal(operation, **parameters),
    )


def answer(
    behaviour: str, aws: object, part: Callable[[Any], object], operation: str, **parameters: Any
) -> Case:
    """Return the case of one call that is answered, and what part of the answer counts."""
    return Case(
        behaviour,
        written(operation, parameters),
        aws,
        lambda lab: part(lab.call(operation, **parameters)),
    )


def written(operation: str, parameters: dict[str, Any]) -> str:
    """Write a call as Python does, with long values shortened."""
    given = ", ".join(f"{name}={_short(value)}" for name, value in parameters.items())
    return f"{operation}({given})"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:80]} … ({len(text)} characters)"
