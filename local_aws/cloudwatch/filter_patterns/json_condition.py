"""Patterns of JSON events: `{ $.user.id = 1 && $.errors[*].code = "E*" }`."""

import re
from functools import lru_cache
from typing import Any

from local_aws.cloudwatch.filter_patterns.comparison import comparison
from local_aws.cloudwatch.filter_patterns.line import MISSING, LogLine
from local_aws.cloudwatch.filter_patterns.logic import Predicate, Tokens, parse_logic, split

_SELECTOR_PART = re.compile(r"\.?\[(?:(\d+|\*)|'([^']+)'|\"([^\"]+)\")\]|\.([\w-]+)")
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<selector>\$(?:\.?\[(?:\d+|\*|'[^']+'|"[^"]+")\]|\.[\w-]+)+)
      | (?P<string>"(?:[^"\\]|\\.)*")
      | (?P<regex>%[^%]+%)
      | (?P<sign>&&|\|\||!=|<=|>=|[=<>()])
      | (?P<word>[^\s()&|=<>!"%]+)
    )""",
    re.VERBOSE,
)
_CONSTANTS = {"NULL": None, "TRUE": True, "FALSE": False}


def parse_condition(pattern: str) -> Predicate:
    """Parse a pattern in braces, which matches only events in JSON. Raises PatternError."""
    tokens = Tokens(split(pattern, _TOKEN))
    predicate = parse_logic(tokens, _condition)
    tokens.end()
    return lambda line: line.json is not MISSING and predicate(line)


def selectors_in(pattern: str) -> tuple[str, ...]:
    """Return the selectors in a pattern in braces, in their order. Raises PatternError."""
    tokens = split(pattern, _TOKEN)
    return tuple(dict.fromkeys(token.text for token in tokens if token.kind == "selector"))


def select(selector: str, line: LogLine) -> Any:
    """Return the value of a selector such as `$.users[0].name`; MISSING if the event has none or several."""
    values = _selected(selector, line)
    return values[0] if len(values) == 1 else MISSING


def _selected(selector: str, line: LogLine) -> list[Any]:
    """Return the values of a selector; `[*]` can select several."""
    if selector not in line.selected:
        line.selected[selector] = _select_all(selector, line.json)
    return line.selected[selector]


def _select_all(selector: str, document: Any) -> list[Any]:
    values = [] if document is MISSING else [document]
    for index, key in _steps(selector):
        if not values:
            break
        if index:
            values = [inner for value in values for inner in _in_list(value, index)]
        else:
            values = [value[key] for value in values if isinstance(value, dict) and key in value]
    return values


@lru_cache(maxsize=1024)
def _steps(selector: str) -> tuple[tuple[str, str], ...]:
    """Return the steps of a selector: pairs of an index in a list, or `*`, and a key of an object; one is empty."""
    return tuple(
        (index, single or double or name)
        for index, single, double, name in _SELECTOR_PART.findall(selector)
    )


def _in_list(value: Any, index: str) -> list[Any]:
    if not isinstance(value, list):
        return []
    if index == "*":
        return value
    return value[int(index) : int(index) + 1]


def _condition(tokens: Tokens) -> Predicate:
    selector = tokens.take("selector")
    if tokens.accept("IS"):
        word = tokens.take("word")
        if word not in _CONSTANTS:
            raise tokens.error()
        return lambda line: any(v is _CONSTANTS[word] for v in _selected(selector, line))
    if tokens.accept("NOT"):
        if not tokens.accept("EXISTS"):
            raise tokens.error()
        return lambda line: not _selected(selector, line)
    test = comparison(tokens.take("sign"), tokens.take("string", "regex", "word"))
    return lambda line: any(map(test, _selected(selector, line)))
