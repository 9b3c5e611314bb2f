"""What changed between two answers of the function."""

import json
from collections.abc import Iterable, Iterator, Sequence
from difflib import ndiff

from scripts.calling.invocation import Invocation, json_or_text

# A value's name, such as `Unicorn.Name`, and the value as JSON. An answer is a sequence of them.
Fact = tuple[str, str]
LOG = "log"


def facts(invocation: Invocation) -> tuple[Fact, ...]:
    """Return an invocation's status, each value of its body and each value that it logged.

    Names of values in a logged line of JSON begin with `log.`; a line of text has the name `log`.
    Lambda's own lines and timestamps are left out.
    """
    return (
        ("status", json.dumps(invocation.status)),
        *_flat("", invocation.response),
        *_logged(invocation.log),
    )


def changes(old: Sequence[Fact], new: Sequence[Fact], left_out: frozenset[str]) -> list[str]:
    """Return a line for each fact that is gone, after "- ", or new, after "+ ", unless its name is in `left_out`."""
    before, after = (
        [f"{name}: {value}" for name, value in answer if name not in left_out]
        for answer in (old, new)
    )
    return [line for line in ndiff(before, after) if line[0] in "-+"]


def _logged(lines: Iterable[str]) -> Iterator[Fact]:
    for line in lines:
        match json_or_text(line):
            case {"type": str(kind)} if kind.startswith("platform."):
                pass
            case {"timestamp": _, **values}:
                yield from _flat(LOG, values)
            case value:
                yield from _flat(LOG, value)


def _flat(name: str, value: object) -> Iterator[Fact]:
    match value:
        case dict() if value:
            for key, member in value.items():
                yield from _flat(f"{name}.{key}" if name else key, member)
        case list() if value:
            for place, member in enumerate(value):
                yield from _flat(f"{name}.{place}" if name else str(place), member)
        case _:
            yield name or "body", json.dumps(value, ensure_ascii=False)
