"""Comparisons of one value: with a number, with text in which `*` is a wildcard, or with a regular expression."""

import operator
import re
from collections.abc import Callable
from typing import Any

import re2

from local_aws.cloudwatch.filter_patterns.errors import PatternError
from local_aws.wildcards import joined_by_wildcards

Test = Callable[[Any], bool]

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_ESCAPED = re.compile(r'\\(["\\])')
_NUMERIC: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
# "Supported regular expressions (regex) syntax": letters, digits, some symbols and operators, no parentheses.
_REGEX = re.compile(r"[A-Za-z0-9 _#=@/;:,\-^$?\[\]{}|\\*+.]+")

# RE2 matches in linear time: a pattern such as %a*a*a*b% must not block the server.
_OPTIONS = re2.Options()
_OPTIONS.log_errors = False


def comparison(sign: str, operand: str) -> Test:
    """Return the test for a comparison such as `= operand`, with the operand as it is written in the pattern.

    Values that are neither text nor numbers match nothing. Raises PatternError.
    """
    if sign not in _NUMERIC:
        raise PatternError(f"{sign} is not an operator")
    if _NUMBER.fullmatch(operand):
        return _number(sign, float(operand))
    if sign not in ("=", "!="):
        raise PatternError(f"{sign} compares numbers, and {operand} is not one")
    expected = regex(operand[1:-1]) if is_regex(operand) else _wildcard(_unquoted(operand))
    search = expected.search if is_regex(operand) else expected.fullmatch
    return lambda value: _is_scalar(value) and (search(str(value)) is not None) is (sign == "=")


def is_regex(operand: str) -> bool:
    """Whether an operand is a regular expression, `%...%`."""
    return len(operand) > 2 and operand[0] == operand[-1] == "%"


def regex(expression: str) -> Any:
    """Compile a regular expression of a filter pattern with RE2. Raises PatternError."""
    if not _REGEX.fullmatch(expression):
        raise PatternError(f"the regular expression %{expression}% has unsupported characters")
    try:
        return re2.compile(expression, _OPTIONS)
    except re2.error as error:
        reason = error.args[0].decode()
        raise PatternError(
            f"the regular expression %{expression}% is not valid: {reason}"
        ) from error


def number_of(value: Any) -> float | None:
    """Return a number, or the number in a text; None for anything else."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return float(value)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _number(sign: str, operand: float) -> Test:
    def test(value: Any) -> bool:
        number = number_of(value)
        if number is None:
            return isinstance(value, str) and sign == "!="
        return _NUMERIC[sign](number, operand)

    return test


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _unquoted(operand: str) -> str:
    """Return an operand without its quotation marks, in which a backslash escapes them and itself."""
    return _ESCAPED.sub(r"\1", operand[1:-1]) if operand.startswith('"') else operand


def _wildcard(text: str) -> re.Pattern[str]:
    """Compile text in which `*` stands for any characters."""
    return re.compile(joined_by_wildcards([re.escape(run) for run in text.split("*")]), re.DOTALL)
