"""Compares what was seen with what is expected, without what differs from run to run."""

import re

# A name that `Lab` gives is a word in capitals and eight hexadecimal digits, which are not shown.
_NAME = re.compile(r"\b([A-Z]+)-[0-9a-f]{8}\b")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|\+0000)")


def shown(seen: object) -> object:
    """Return what was seen, without what differs from run to run."""
    if isinstance(seen, str):
        return _TIME.sub("TIME", _UUID.sub("UUID", _NAME.sub(r"\1", seen)))
    if isinstance(seen, dict):
        return {str(shown(key)): shown(value) for key, value in seen.items()}
    if isinstance(seen, (list, tuple)):
        return [shown(value) for value in seen]
    if isinstance(seen, (set, frozenset)):
        return sorted(str(shown(value)) for value in seen)
    return seen


def matches(expected: object, seen: object) -> bool:
    """Whether what was seen, as `shown` has it, is what is expected, where `…` is any text."""
    if isinstance(expected, str) and isinstance(seen, str):
        return bool(re.fullmatch(".*".join(map(re.escape, expected.split("…"))), seen, re.DOTALL))
    if isinstance(expected, dict) and isinstance(seen, dict):
        return expected.keys() == seen.keys() and all(
            matches(value, seen[key]) for key, value in expected.items()
        )
    if isinstance(expected, (list, tuple)) and isinstance(seen, list):
        return len(expected) == len(seen) and all(map(matches, expected, seen))
    return type(expected) is type(seen) and expected == seen
