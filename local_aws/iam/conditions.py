"""The Condition element, after "IAM JSON policy elements: Condition operators" and "Multivalued context keys"."""

import functools
import ipaddress
import math
import operator as compare
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local_aws.iam import patterns
from local_aws.iam.context import Context, Value
from local_aws.iam.elements import texts
from local_aws.iam.patterns import NoValueError
from local_aws.iam.undecided import UndecidedError, all_hold, any_holds

FOR_ALL = "forallvalues"
FOR_ANY = "foranyvalue"
_NULL = "null"
# Numbers up to this are times in seconds since 1970, as in aws:EpochTime; larger ones are in milliseconds.
_MOST_SECONDS = 1e11
_DATE = re.compile(r"(\d{4})-(\d\d)(-\d\d)?(T.*)?", re.IGNORECASE)
# An address, with or without the length of a prefix; the ipaddress module would also accept a mask.
_NETWORK = re.compile(r"[^/]+(/\d{1,3})?")
_NUMBER = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)\s*")


class NotComparableError(Exception):
    """A value does not have the operator's type, such as a date."""


@dataclass(frozen=True)
class Condition:
    """An operator without its prefix and suffix, one key, and its values; names are in lower case."""

    operator: str
    quantifier: str
    if_exists: bool
    key: str
    expected: tuple[str, ...]


# Compares a value of the policy, which may have policy variables, with a value of the request, in this order.
Compare = Callable[[str, Context | None, str], bool]


def read(element: Mapping[str, Mapping[str, Any]]) -> tuple[Condition, ...]:
    """Read a Condition element."""
    return tuple(
        _condition(operator, key, values)
        for operator, keys in element.items()
        for key, values in keys.items()
    )


def is_operator(name: str) -> bool:
    """Whether IAM has an operator of this name, which may include ForAllValues:, ForAnyValue: and IfExists."""
    condition = _condition(name, "", ())
    if condition.operator == _NULL:
        return not condition.if_exists
    if condition.quantifier not in ("", FOR_ALL, FOR_ANY):
        return False
    return condition.operator in _OPERATORS or condition.operator in _NEGATED


def hold(
    conditions: tuple[Condition, ...], context: Context, *, has_variables: bool = True
) -> bool:
    """Whether all conditions hold; a condition holds if one of its values matches.

    With `has_variables`, the document's version supports policy variables. Raises UndecidedError.
    """
    variables = context if has_variables else None
    return all_hold(lambda condition: _holds(condition, context, variables), conditions)


def _condition(operator: str, key: str, values: Any) -> Condition:
    quantifier, _, name = operator.lower().rpartition(":")
    base = name.removesuffix("ifexists")
    return Condition(base, quantifier, base != name, key.lower(), texts(values))


def _holds(condition: Condition, context: Context, variables: Context | None) -> bool:
    actual = context.get(condition.key)
    if condition.operator == _NULL:
        return str(actual is None).lower() in map(str.lower, condition.expected)
    if condition.quantifier == FOR_ANY:
        return any_holds(lambda each: _matches(condition, each, variables), _values(actual))
    if condition.quantifier == FOR_ALL:
        return all_hold(lambda each: _matches(condition, each, variables), _values(actual))
    if actual is None:
        return condition.if_exists or condition.operator in _NEGATED
    if isinstance(actual, str):
        return _matches(condition, actual, variables)
    if any_holds(lambda each: _matches(condition, each, variables), actual):
        raise UndecidedError(f"{condition.key} has several values: use ForAllValues or ForAnyValue")
    return False


def _values(actual: Value | None) -> tuple[str, ...]:
    if actual is None:
        return ()
    return (actual,) if isinstance(actual, str) else actual


def _matches(condition: Condition, actual: str, variables: Context | None) -> bool:
    """Whether a value of the request matches one of the policy, or with a negated operator none of them."""
    negated = condition.operator in _NEGATED
    compares = (_NEGATED if negated else _OPERATORS).get(condition.operator)
    if compares is None:
        raise UndecidedError(f"it has no condition operator {condition.operator}")

    def matches(expected: str) -> bool:
        try:
            return compares(expected, variables, actual)
        except (NoValueError, NotComparableError) as error:
            if negated:
                raise UndecidedError(f"{expected} and {actual} cannot be compared") from error
            return False

    return any_holds(matches, condition.expected) != negated


def _text(equal: Callable[[str, str], bool]) -> Compare:
    return lambda expected, variables, actual: equal(patterns.text_of(expected, variables), actual)


def _equal_ignoring_case(expected: str, actual: str) -> bool:
    return expected.lower() == actual.lower()


def _like(expected: str, variables: Context | None, actual: str) -> bool:
    if variables is None or not patterns.has_variable(expected):
        return patterns.like(expected, actual)
    return patterns.symbols_like(patterns.symbols(expected, variables), actual)


def _arn_like(expected: str, variables: Context | None, actual: str) -> bool:
    parts = patterns.split_arn(patterns.symbols(expected, variables))
    if not len(parts) == len(actual.split(":", 5)) == patterns.ARN_PARTS:
        raise NotComparableError
    return patterns.arn_like(parts, actual)


def _is(expected: str, actual: str) -> bool:
    booleans = {"true", "false"}
    if not booleans.issuperset((expected.lower(), actual.lower())):
        raise NotComparableError
    return expected.lower() == actual.lower()


def _without_variables(compares: Callable[[str, str], bool]) -> Compare:
    """Return the comparison of an operator that does not replace policy variables: `${` is text."""
    return lambda expected, _, actual: compares(expected, actual)


def _numbers(compares: Callable[[float, float], bool]) -> Compare:
    return _without_variables(lambda expected, actual: compares(_number(actual), _number(expected)))


def _dates(compares: Callable[[float, float], bool]) -> Compare:
    return _without_variables(lambda expected, actual: compares(_time(actual), _time(expected)))


def _number(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise NotComparableError
    number = float(text)
    if not math.isfinite(number):
        raise NotComparableError
    return number


@functools.lru_cache(maxsize=256)
def _time(text: str) -> float:
    """Return seconds since 1970 for a date, a W3C date-time such as 2026-11-22T21:36:43Z, or a number."""
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        number = _number(text)
        return number / 1000 if abs(number) > _MOST_SECONDS else number
    parts = _DATE.fullmatch(text)
    if parts is None:
        raise NotComparableError
    year, month, day, time = parts.groups()
    try:
        moment = datetime.fromisoformat(f"{year}-{month}{day or '-01'}{time or ''}".upper())
    except ValueError as error:
        raise NotComparableError from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _in_network(expected: str, actual: str) -> bool:
    if not _NETWORK.fullmatch(expected):
        raise NotComparableError
    try:
        network = ipaddress.ip_network(expected, strict=False)
        address = ipaddress.ip_address(actual)
    except ValueError as error:
        raise NotComparableError from error
    return address in network


_OPERATORS: dict[str, Compare] = {
    "stringequals": _text(compare.eq),
    "stringequalsignorecase": _text(_equal_ignoring_case),
    "stringlike": _like,
    "numericequals": _numbers(compare.eq),
    "numericlessthan": _numbers(compare.lt),
    "numericlessthanequals": _numbers(compare.le),
    "numericgreaterthan": _numbers(compare.gt),
    "numericgreaterthanequals": _numbers(compare.ge),
    "dateequals": _dates(compare.eq),
    "datelessthan": _dates(compare.lt),
    "datelessthanequals": _dates(compare.le),
    "dategreaterthan": _dates(compare.gt),
    "dategreaterthanequals": _dates(compare.ge),
    "bool": _text(_is),
    "binaryequals": _text(compare.eq),
    "ipaddress": _without_variables(_in_network),
    "arnequals": _arn_like,
    "arnlike": _arn_like,
}
# These conditions hold if no value of the policy matches.
_NEGATED: dict[str, Compare] = {
    "stringnotequals": _text(compare.eq),
    "stringnotequalsignorecase": _text(_equal_ignoring_case),
    "stringnotlike": _like,
    "numericnotequals": _numbers(compare.eq),
    "datenotequals": _dates(compare.eq),
    "notipaddress": _without_variables(_in_network),
    "arnnotequals": _arn_like,
    "arnnotlike": _arn_like,
}
