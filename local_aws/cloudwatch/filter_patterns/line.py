"""A log event's text as filter patterns read it."""

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

MISSING = object()
# A field is a word, or text in quotation marks or square brackets, which are not part of it.
_FIELD = re.compile(r'"([^"]*)"(?=\s|$)|\[([^\]]*)\](?=\s|$)|(\S+)')


@dataclass(frozen=True)
class Field:
    """One field of a space-delimited event, and where it starts in the text."""

    text: str
    start: int


@dataclass(frozen=True)
class LogLine:
    """One log event's text, parsed as a pattern requires."""

    text: str
    # What selectors select in its JSON: a group's filters mostly select the same.
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
        return [
            Field(next(group for group in match.groups() if group is not None), match.start())
            for match in _FIELD.finditer(self.text)
        ]
