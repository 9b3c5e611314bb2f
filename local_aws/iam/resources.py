"""The Resource element, after "IAM JSON policy elements: Resource" in the IAM guide."""

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass

from local_aws.iam import patterns, reference
from local_aws.iam.context import Context
from local_aws.iam.patterns import MANY, ONE, NoValueError, Symbol
from local_aws.iam.undecided import UndecidedError
from local_aws.wildcards import joined_by_wildcards

Part = tuple[Symbol, ...]


@dataclass(frozen=True)
class UnknownResource:
    """A resource of which only the partition and the service can be derived from the request."""

    partition: str
    service: str

    def __str__(self) -> str:
        """Return the resource as messages show it."""
        return f"arn:{self.partition}:{self.service}:(unknown)"


Resource = str | UnknownResource
Matcher = Callable[[Resource, Context], bool]


def matcher(pattern: str, *, variables: bool, completes: bool) -> Matcher:
    """Return the function that decides whether a resource matches a pattern of the element.

    With `variables`, the document's version supports policy variables. With `completes`, an ARN of fewer than six parts
    is completed with wildcards; without, as in the policy of a resource, only if it already has a wildcard.

    The function may raise UndecidedError or NoValueError.
    """
    if variables and patterns.has_variable(pattern):
        return _with_variables(pattern, completes)
    match = _compiled(tuple(patterns.symbols(pattern, None)), completes)
    return lambda resource, _: match(resource)


def _with_variables(pattern: str, completes: bool) -> Matcher:
    # "Where you can use policy variables": not in the parts before an ARN's fifth colon.
    misplaced = pattern.partition("${")[0].count(":") < patterns.ARN_PARTS - 1

    def match(resource: Resource, context: Context) -> bool:
        if misplaced:
            raise NoValueError(f"{pattern}, with a policy variable before its last part")
        return _compiled(tuple(patterns.symbols(pattern, context)), completes)(resource)

    return match


@functools.lru_cache(maxsize=4096)
def _compiled(pattern: Part, completes: bool) -> Callable[[Resource], bool]:
    if pattern == (MANY,):
        return lambda _: True
    parts = [tuple(part) for part in patterns.split_arn(list(pattern))]
    if len(parts) == patterns.ARN_PARTS:
        return _complete(parts)
    # In the policy of a resource, a short ARN without a wildcard is taken literally and matches nothing.
    return _incomplete(parts) if completes or MANY in pattern else lambda _: False


def _complete(parts: list[Part]) -> Callable[[Resource], bool]:
    end = patterns.regex(parts[-1])
    arn = re.compile(_joined(parts[:-1], end), re.DOTALL)
    in_any_case = None
    if _has_capitals(parts[:-1]):
        in_any_case = re.compile(_joined(parts[:-1], f"(?-i:{end})"), re.DOTALL | re.IGNORECASE)
    begins = [re.compile(patterns.regex(part), re.DOTALL | re.IGNORECASE) for part in parts[1:3]]
    wildcard_in_type = _type_has_wildcard(parts)
    may_have_types = _may_have_types(parts)
    if wildcard_in_type and not may_have_types and reference.has_resource_types("".join(parts[2])):
        return lambda _: False

    def match(resource: Resource) -> bool:
        if isinstance(resource, UnknownResource):
            known = zip(begins, (resource.partition, resource.service), strict=True)
            if all(begin.fullmatch(part) for begin, part in known):
                raise UndecidedError("it cannot tell which resource the request is for")
            return False
        if arn.fullmatch(resource):
            if wildcard_in_type and may_have_types:
                raise UndecidedError("an ARN has a wildcard where its resource may have a type")
            return True
        if in_any_case and in_any_case.fullmatch(resource):
            raise UndecidedError("an ARN has capitals before its last part")
        return False

    return match


def _incomplete(parts: list[Part]) -> Callable[[Resource], bool]:
    missing: list[Part] = [(MANY,)] * (patterns.ARN_PARTS - len(parts))
    completed = _complete([*parts, *missing])
    # A * at the end of a part may also match the parts after it, and then none is missing.
    as_it_is = re.compile(_joined(parts), re.DOTALL)

    def match(resource: Resource) -> bool:
        if completed(resource):
            return True
        if isinstance(resource, str) and as_it_is.fullmatch(resource):
            raise UndecidedError("an incomplete ARN has a wildcard before its last part")
        # It is not documented whether NotResource with such an ARN means everything else.
        raise NoValueError("an incomplete ARN")

    return match


def _joined(parts: list[Part], end: str | None = None) -> str:
    """Return a regular expression of parts, joined by colons, and of `end`, which follows them.

    Wildcards match within a part, but a * at the end of a part may match colons too.
    """
    blocks = [""]
    for number, part in enumerate(parts):
        runs_on = part[-1:] == (MANY,)
        blocks[-1] += ":" * bool(number) + patterns.regex(part[:-1] if runs_on else part, "[^:]")
        if runs_on:
            blocks.append("")
    if end is not None:
        blocks[-1] += f":{end}"
    return joined_by_wildcards(blocks)


def _may_have_types(parts: list[Part]) -> bool:
    """Whether resources may begin with a type: the service has a wildcard, or it is S3 and not a bucket."""
    if {MANY, ONE} & set(parts[2]):
        return True
    return parts[2] == ("s", "3") and parts[3:5] != [(), ()]


def _has_capitals(parts: list[Part]) -> bool:
    return any(
        symbol not in (MANY, ONE) and symbol != symbol.lower() for part in parts for symbol in part
    )


def _type_has_wildcard(parts: list[Part]) -> bool:
    """Whether the type of a resource, such as `table` in table/Rides, has a wildcard."""
    for position, symbol in enumerate(parts[-1]):
        if symbol in "/:":
            return bool({MANY, ONE} & set(parts[-1][:position]))
    return False
