"""Validates filter patterns of event source mappings: "Filter rule syntax" in the Lambda guide."""

import json
from collections.abc import Callable, Mapping
from typing import Any

_SIGNS = frozenset(("<", "<=", "=", ">", ">="))


def is_filter_pattern(pattern: str | None) -> bool:
    """Whether a pattern is a JSON object whose members are lists of values and of Lambda's comparisons."""
    try:
        parsed = json.loads(pattern) if pattern else {}
    except (ValueError, RecursionError):
        return False
    return isinstance(parsed, dict) and _is_object(parsed)


def _is_object(members: Mapping[str, Any]) -> bool:
    return all(_is_member(name, value) for name, value in members.items())


def _is_member(name: str, value: Any) -> bool:
    if isinstance(value, dict):
        return _is_object(value)
    if not isinstance(value, list) or not value:
        return False
    if name == "$or":
        return all(isinstance(each, dict) and _is_object(each) for each in value)
    return all(_is_rule(each) for each in value)


def _is_rule(rule: Any) -> bool:
    """Whether a rule is a value, or an object with one comparison."""
    if isinstance(rule, list):
        return False
    if not isinstance(rule, dict):
        return True
    if len(rule) != 1:
        return False
    ((name, value),) = rule.items()
    takes = _COMPARISONS.get(name)
    return takes is not None and takes(value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_affix(value: Any) -> bool:
    """Whether it is a text, or an object with a text to compare without case."""
    if isinstance(value, dict):
        return list(value) == ["equals-ignore-case"] and _is_text(value["equals-ignore-case"])
    return _is_text(value)


def _is_exclusion(value: Any) -> bool:
    if isinstance(value, dict):
        return _is_rule(value) and not {"anything-but", "exists", "numeric"} & value.keys()
    values = value if isinstance(value, list) else [value]
    return bool(values) and all(_is_text(each) or _is_number(each) for each in values)


def _is_range(value: Any) -> bool:
    """Whether it is one or two comparisons with a number: ["=", 100] or [">", 0, "<=", 5]."""
    return (
        isinstance(value, list)
        and len(value) in (2, 4)
        and all(
            isinstance(sign, str) and sign in _SIGNS and _is_number(number)
            for sign, number in zip(value[::2], value[1::2], strict=True)
        )
    )


_COMPARISONS: Mapping[str, Callable[[Any], bool]] = {
    "anything-but": _is_exclusion,
    "cidr": _is_text,
    "equals-ignore-case": _is_text,
    "exists": _is_bool,
    "numeric": _is_range,
    "prefix": _is_affix,
    "suffix": _is_affix,
    "wildcard": _is_text,
}
