"""Parses the text of log events for filter patterns."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

MISSING = object()
_WORD = re.compile(r"\S+")
# The marks around a field that may contain spaces; they are not part of it.
_CLOSING = {'"': '"', "[": "]"}


@dataclass(frozen=True)
class Field:
    """A field of a space-delimited event, and where it starts in the text."""

    text: str
    start: int


@dataclass(frozen=True)
class LogLine:
    """The text of a log event, parsed when a pattern first needs it."""

    text: str
    # The values of selectors, cached as the filters of a log group often share selectors.
    selected: dict[str, list[Any]] = field(default_factory=dict, compare=False)

    @cached_property
    def json(self) -> Any:
        """The text as JSON; MISSING if it is not JSON."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return MISSING

    @cached_property
    def fields(self) -> list[Field]:
        """The space-delimited fields of the text."""
        return list(_fields(self.text))


def _fields(text: str) -> Iterator[Field]:
    """Yield the fields: words, and texts in quotation marks or square brackets that are followed by a space.

    The position of each next closing mark is remembered: to search a long line for it at every `[` would take minutes.
    """
    closings = dict.fromkeys(_CLOSING.values(), 0)
    position = 0
    while word := _WORD.search(text, position):
        start, position = word.span()
        closing = _CLOSING.get(text[start])
        if closing:
            if 0 <= closings[closing] <= start:
                closings[closing] = text.find(closing, start + 1)
            end = closings[closing]
            if end > 0 and not text[end + 1 : end + 2].strip():
                position = end + 1
                yield Field(text[start + 1 : end], start)
                continue
        yield Field(word[0], start)
