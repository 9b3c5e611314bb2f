"""The JSON of policy elements, where a single value may stand for a list of one."""

from collections.abc import Mapping
from typing import Any


def as_list(value: Any) -> list[Any]:
    """Return a list as it is, and a single value as a list of one."""
    return value if isinstance(value, list) else [value]


def texts(value: Any) -> tuple[str, ...]:
    """Return a string, number or boolean, or a list of them, as strings."""
    return tuple(item if isinstance(item, str) else str(item).lower() for item in as_list(value))


def statements_in(policy: Mapping[str, Any]) -> list[Any]:
    """Return the statements of a policy. Raises KeyError if it has none."""
    return as_list(policy["Statement"])
