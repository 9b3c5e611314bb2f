"""Patterns of space-delimited events: `[ip, user, ..., status = 4*, bytes > 1000 && bytes < 5000]`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from local_aws.cloudwatch.filter_patterns.comparison import comparison
from local_aws.cloudwatch.filter_patterns.errors import PatternError
from local_aws.cloudwatch.filter_patterns.line import MISSING, LogLine
from local_aws.cloudwatch.filter_patterns.logic import (
    Predicate,
    Token,
    Tokens,
    parse_logic,
    split,
)

ELLIPSIS = "..."
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<string>"(?:[^"\\]|\\.)*")
      | (?P<regex>%[^%]+%)
      | (?P<sign>&&|\|\||!=|<=|>=|[=<>(),])
      | (?P<word>[^\s()&|=<>!",%]+)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class FieldsPattern:
    """The columns of a pattern, and the conditions on them."""

    columns: tuple[str, ...]
    conditions: tuple[Predicate, ...]

    def matches(self, line: LogLine) -> bool:
        """Whether an event has the columns of the pattern and satisfies its conditions."""
        return self._has_columns(line) and all(condition(line) for condition in self.conditions)

    def value(self, column: str, line: LogLine) -> object:
        """Return the text in a column, which is named without `$`; MISSING if the event does not have it.

        Columns after an ellipsis are counted from the end. Without one, the last column has the rest of the event.
        """
        if column not in self.columns or not self._has_columns(line):
            return MISSING
        return column_of(self.columns, column)(line)

    def _has_columns(self, line: LogLine) -> bool:
        named = [column for column in self.columns if column != ELLIPSIS]
        return len(line.fields) >= len(named)


def parse_fields(pattern: str) -> FieldsPattern:
    """Parse a pattern in square brackets. Raises PatternError."""
    parts = [Tokens(part) for part in _columns(pattern)]
    columns = tuple(_name(part) for part in _columns(pattern))
    if columns.count(ELLIPSIS) > 1:
        raise PatternError("more than one ellipsis")
    conditions: list[Predicate] = []
    for part, column, tokens in zip(_columns(pattern), columns, parts, strict=True):
        if len(part) > 1:
            if column == ELLIPSIS:
                raise PatternError("a condition on an ellipsis")
            conditions.append(parse_logic(tokens, _condition_on(column, columns)))
        else:
            tokens.take("word")
        tokens.end()
    return FieldsPattern(columns, tuple(conditions))


def column_of(columns: tuple[str, ...], column: str) -> Callable[[LogLine], str]:
    """Return the function that reads a column of an event that has all columns."""
    index = columns.index(column)
    if ELLIPSIS in columns and index > columns.index(ELLIPSIS):
        from_end = index - len(columns)
        return lambda line: line.fields[from_end].text
    if index == len(columns) - 1:
        return lambda line: _rest(line, index)
    return lambda line: line.fields[index].text


def _rest(line: LogLine, index: int) -> str:
    last = index == len(line.fields) - 1
    return line.fields[index].text if last else line.text[line.fields[index].start :].rstrip()


def _condition_on(column: str, columns: tuple[str, ...]) -> Callable[[Tokens], Predicate]:
    read = column_of(columns, column)

    def condition(tokens: Tokens) -> Predicate:
        if not tokens.accept(column):
            raise tokens.error()
        test = comparison(tokens.take("sign"), tokens.take("string", "regex", "word"))
        return lambda line: test(read(line))

    return condition


def _columns(pattern: str) -> list[list[Token]]:
    """Split a pattern at its commas."""
    tokens = split(pattern, _TOKEN)
    commas = [-1, *(at for at, token in enumerate(tokens) if token.text == ","), len(tokens)]
    return [tokens[start + 1 : end] for start, end in pairwise(commas)]


def _name(part: list[Token]) -> str:
    """Return the name of a column, which its conditions repeat: `(status = 404 || status = 410)`."""
    for token in part:
        if token.kind == "word":
            return token.text
    raise PatternError("a column without a name")
