"""Parses filter patterns of all kinds."""

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from local_aws.cloudwatch.filter_patterns.errors import PatternError
from local_aws.cloudwatch.filter_patterns.fields import ELLIPSIS, FieldsPattern, parse_fields
from local_aws.cloudwatch.filter_patterns.json_condition import (
    parse_condition,
    select,
    selectors_in,
)
from local_aws.cloudwatch.filter_patterns.line import MISSING, LogLine
from local_aws.cloudwatch.filter_patterns.logic import Predicate
from local_aws.cloudwatch.filter_patterns.terms import parse_terms

# "PutMetricFilter" and "FilterLogEvents", Request Parameters.
LENGTH_LIMIT = 1024
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
Kind = Literal["terms", "json", "fields"]


@dataclass(frozen=True)
class Pattern:
    """A parsed filter pattern. Patterns of the kinds `json` and `fields` have `selectors` of values in events."""

    kind: Kind
    matches: Predicate
    has_regex: bool
    selectors: tuple[str, ...] = ()
    _fields: FieldsPattern | None = field(default=None, repr=False)

    def value(self, text: str, line: LogLine) -> Any:
        """Return the value of a metric filter or its dimension for an event: a selected value, or the text itself.

        `$.latency` selects in JSON, `$latency` a field of a space-delimited event. MISSING if the event lacks it.
        """
        if not text.startswith("$"):
            return text
        if self._fields:
            return self._fields.value(text[1:], line)
        return select(text, line) if self.kind == "json" else MISSING

    def extracted(self, line: LogLine) -> dict[str, str]:
        """Return the values of the selectors in an event, for TestMetricFilter."""
        values = {selector: self.value(selector, line) for selector in self.selectors}
        return {
            selector: value if isinstance(value, str) else json.dumps(value)
            for selector, value in values.items()
            if value is not MISSING
        }


@lru_cache(maxsize=1024)
def parse(pattern: str) -> Pattern:
    """Parse a filter pattern. Raises PatternError."""
    if len(pattern) > LENGTH_LIMIT:
        raise PatternError(f"longer than {LENGTH_LIMIT} characters")
    try:
        return _parse(pattern.strip())
    except PatternError as error:
        raise PatternError(f"{pattern}: {error}") from error
    except RecursionError:
        raise PatternError(f"{pattern}: too many nested parentheses") from None


def _parse(pattern: str) -> Pattern:
    has_regex = "%" in _STRING.sub("", pattern)
    if pattern.startswith("{"):
        _check_closed(pattern, "}")
        return Pattern("json", parse_condition(pattern), has_regex, selectors_in(pattern))
    if pattern.startswith("["):
        _check_closed(pattern, "]")
        fields = parse_fields(pattern)
        names = tuple(f"${column}" for column in fields.columns if column != ELLIPSIS)
        return Pattern("fields", fields.matches, has_regex, names, fields)
    return Pattern("terms", parse_terms(pattern), pattern.startswith("%"))


def _check_closed(pattern: str, bracket: str) -> None:
    if not pattern.endswith(bracket):
        raise PatternError(f"{bracket} is missing at the end")
