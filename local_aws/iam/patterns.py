"""The strings in a policy: wildcards and policy variables, after "Variables and tags" in the IAM guide."""

import functools
import re
from collections.abc import Iterable

from local_aws.iam.context import Context
from local_aws.iam.undecided import UndecidedError
from local_aws.wildcards import joined_by_wildcards

# A symbol is a literal character, or one of these wildcards, whose names cannot be mistaken for a character.
MANY = "many"
ONE = "one"
Symbol = str

_SPECIAL = re.compile(r"\$\{([^}]*)\}|[*?]")
_WITH_DEFAULT = re.compile(r"([^,]*), +'(.*)'", re.DOTALL)
_WILDCARDS = {"*": MANY, "?": ONE}
_ESCAPED = {"*", "?", "$"}
ARN_PARTS = 6


class NoValueError(Exception):
    """Part of a pattern, such as a policy variable without a default, has no value in this request."""


def has_variable(text: str) -> bool:
    """Whether the text has a policy variable, which only version 2012-10-17 of the language knows."""
    return "${" in text


def symbols(text: str, context: Context | None) -> list[Symbol]:
    """Return the symbols of a string in a policy, with its variables replaced; without a context, `${` is text.

    Wildcards in the value of a variable are literal. Raises NoValueError or UndecidedError.
    """
    if context is None:
        return [_WILDCARDS.get(character, character) for character in text]
    result: list[Symbol] = []
    end = 0
    for match in _SPECIAL.finditer(text):
        result += text[end : match.start()]
        name = match[1]
        if name is None:
            result.append(_WILDCARDS[match[0]])
        else:
            result += name if name in _ESCAPED else _value(name, context)
        end = match.end()
    return [*result, *text[end:]]


def text_of(text: str, context: Context | None) -> str:
    """Return a string of a policy with its variables replaced and its wildcards literal; raises as `symbols` does."""
    characters = {MANY: "*", ONE: "?"}
    return "".join(characters.get(symbol, symbol) for symbol in symbols(text, context))


def like(pattern: str, text: str) -> bool:
    """Whether the text matches a pattern, in which * stands for any characters and ? for one."""
    return _compiled(pattern).fullmatch(text) is not None


def symbols_like(pattern: Iterable[Symbol], text: str) -> bool:
    """Whether the text matches the symbols of a pattern."""
    return re.fullmatch(regex(pattern), text, re.DOTALL) is not None


def arn_like(pattern: list[list[Symbol]], arn: str) -> bool:
    """Whether each part of an ARN matches that of the pattern, as the ArnLike condition compares them."""
    parts = arn.split(":", ARN_PARTS - 1)
    return len(pattern) == len(parts) and all(map(symbols_like, pattern, parts))


def split_arn(arn: list[Symbol]) -> list[list[Symbol]]:
    """Split symbols at colons into the parts of an ARN, six at most."""
    parts: list[list[Symbol]] = [[]]
    for symbol in arn:
        if symbol == ":" and len(parts) < ARN_PARTS:
            parts.append([])
        else:
            parts[-1].append(symbol)
    return parts


def regex(pattern: Iterable[Symbol], any_character: str = ".") -> str:
    """Return symbols as a regular expression; `any_character` is what wildcards match."""
    runs = [""]
    for symbol in pattern:
        if symbol == MANY:
            runs.append("")
        else:
            runs[-1] += any_character if symbol == ONE else re.escape(symbol)
    return joined_by_wildcards(runs, any_character)


def _value(variable: str, context: Context) -> str:
    """Return the value of a variable, `key` or `key, 'default'`; a key with several values has none."""
    with_default = _WITH_DEFAULT.fullmatch(variable)
    key, default = with_default.groups() if with_default else (variable, None)
    value = context.get(key.strip().lower())
    if isinstance(value, str):
        return value
    if default is None:
        raise NoValueError(f"the policy variable {variable}, which has no value")
    if value is not None:
        raise UndecidedError(f"{key} has several values and a default")
    return str(default)


@functools.lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(regex(symbols(pattern, None)), re.DOTALL)
