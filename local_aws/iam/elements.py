"""How the strings in a policy are read: one or many, with wildcards."""

import functools
import re
from typing import Any


class UnsupportedElementError(Exception):
    """A policy holds what cannot be evaluated here; the message names it."""


def texts(value: Any) -> list[str]:
    """Return a JSON string, number, boolean or array of them as strings.

    Raises UnsupportedElementError for a policy variable, such as ${aws:username}.
    """
    values = value if isinstance(value, list) else [value]
    found = [item if isinstance(item, str) else str(item).lower() for item in values]
    for text in found:
        if "${" in text:
            raise UnsupportedElementError(f"the policy variable in {text}")
    return found


def like(pattern: str, text: str) -> bool:
    """Whether the text matches a pattern in which * stands for any characters and ? for one."""
    return _compiled(pattern).fullmatch(text) is not None


def arn_like(pattern: str, arn: str) -> bool:
    """Whether each of an ARN's six parts matches the pattern's, as the ArnLike condition compares them."""
    patterns, parts = pattern.split(":", 5), arn.split(":", 5)
    return len(patterns) == len(parts) and all(map(like, patterns, parts))


def resource_like(pattern: str, arn: str) -> bool:
    """Whether an ARN matches a pattern of a Resource element.

    "IAM JSON policy elements: Resource": wildcards stand for characters within one of the ARN's parts, except for
    a * at the end of a part, which may stand for what follows the colon too.
    """
    return _compiled_resource(pattern).fullmatch(arn) is not None


@functools.lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(_regex(pattern, any_character="."), re.DOTALL)


@functools.lru_cache(maxsize=4096)
def _compiled_resource(pattern: str) -> re.Pattern[str]:
    *parts, last = pattern.split(":", 5)
    regexes = [
        _regex(part.removesuffix("*"), "[^:]") + (".*" if part.endswith("*") else "")
        for part in parts
    ]
    return re.compile(":".join([*regexes, _regex(last, ".")]), re.DOTALL)


def _regex(pattern: str, any_character: str) -> str:
    wildcards = {"*": f"{any_character}*", "?": any_character}
    return "".join(wildcards.get(character, re.escape(character)) for character in pattern)
