"""Filter patterns of CloudWatch Logs: terms in text, and conditions on JSON, after "Filter pattern syntax".

Space-delimited patterns `[...]`, regular expressions `%...%` and wildcards in selectors are not supported.
"""

import json
import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

MISSING = object()


class PatternError(ValueError):
    """The pattern is invalid or unsupported; the message says why."""


@dataclass(frozen=True)
class LogLine:
    """One log event's text, read as JSON if a pattern asks for it."""

    text: str

    @cached_property
    def json(self) -> Any:
        """The text as JSON; MISSING if it is none."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return MISSING


Predicate = Callable[[LogLine], bool]

_TERM = re.compile(r'([?-]?)(?:"([^"]*)"|([^\s"]+))(?:\s+|$)')
_SELECTOR_PART = re.compile(r"\.?\[(?:(\d+)|'([^']+)'|\"([^\"]+)\")\]|\.([\w-]+)")
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<selector>\$(?:\.?\[(?:\d+|'[^']+'|"[^"]+")\]|\.[\w-]+)+)
      | (?P<string>"(?:[^"\\]|\\.)*")
      | (?P<sign>&&|\|\||!=|<=|>=|[=<>()])
      | (?P<word>[^\s()&|=<>!"%]+)
    )""",
    re.VERBOSE,
)
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)
_NUMERIC: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_CONSTANTS = {"NULL": None, "TRUE": True, "FALSE": False}


def parse(pattern: str) -> Predicate:
    """Return what tells whether a log line matches the pattern. Raises PatternError."""
    pattern = pattern.strip()
    if pattern.startswith("{") and pattern.endswith("}"):
        return _Condition(pattern[1:-1]).parse()
    if pattern[:1] in ("{", "[", "%"):
        raise PatternError(f"the local CloudWatch Logs does not know patterns like {pattern!r}")
    return _terms(pattern)


def select(selector: str, document: Any) -> Any:
    """Return what a selector such as `$.users[0].name` points to in a JSON document; MISSING if nothing is there."""
    for index, single, double, name in _SELECTOR_PART.findall(selector):
        key = single or double or name
        if index and isinstance(document, list) and int(index) < len(document):
            document = document[int(index)]
        elif key and isinstance(document, dict) and key in document:
            document = document[key]
        else:
            return MISSING
    return document


def is_selector(text: str) -> bool:
    """Whether the text is a selector, as a whole."""
    token = _TOKEN.fullmatch(text)
    return token is not None and token["selector"] is not None


def number_of(value: Any) -> float | None:
    """Return a JSON number, or a string that holds one; None for anything else."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return float(value)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _terms(pattern: str) -> Predicate:
    """Terms are all required; `-` excludes one; of those with `?`, any one will do, if there are no others."""
    found = [(sign, quoted or word) for sign, quoted, word in _TERM.findall(pattern)]
    if "".join(match[0] for match in _TERM.finditer(pattern)) != pattern:
        raise PatternError(f"a quotation mark has no partner in {pattern!r}")
    wanted = [term for sign, term in found if not sign]
    unwanted = [term for sign, term in found if sign == "-"]
    optional = [term for sign, term in found if sign == "?"]
    if optional and not wanted and not unwanted:
        return lambda line: any(term in line.text for term in optional)
    return lambda line: (
        all(term in line.text for term in wanted)
        and not any(term in line.text for term in unwanted)
    )


class _Condition:
    """A recursive-descent parser of what stands between the braces: `||` binds less than `&&`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(self._split())

    def parse(self) -> Predicate:
        predicate = self._either()
        if self._tokens:
            self._refuse()
        return lambda line: line.json is not MISSING and predicate(line)

    def _split(self) -> Iterator[tuple[str, str]]:
        text = self._text.rstrip()
        position = 0
        while position < len(text):
            token = _TOKEN.match(text, position)
            if token is None or token.lastgroup is None:
                self._refuse()
            yield token.lastgroup, token[token.lastgroup]
            position = token.end()

    def _either(self) -> Predicate:
        left = self._both()
        while self._accept("||"):
            left = _or(left, self._both())
        return left

    def _both(self) -> Predicate:
        left = self._one()
        while self._accept("&&"):
            left = _and(left, self._one())
        return left

    def _one(self) -> Predicate:
        if self._accept("("):
            inner = self._either()
            if not self._accept(")"):
                self._refuse()
            return inner
        selector = self._take("selector")
        if self._accept("IS"):
            return _is(selector, self._constant())
        if self._accept("NOT"):
            if not self._accept("EXISTS"):
                self._refuse()
            return lambda line: select(selector, line.json) is MISSING
        return self._comparison(selector)

    def _comparison(self, selector: str) -> Predicate:
        sign = self._take("sign")
        kind, operand = self._tokens.pop(0) if self._tokens else ("", "")
        if sign not in _NUMERIC or kind not in ("string", "word"):
            self._refuse()
        if kind == "word" and _NUMBER.fullmatch(operand):
            return _compare_number(selector, sign, float(operand))
        if sign not in ("=", "!="):
            self._refuse()
        text = json.loads(operand) if kind == "string" else operand
        return _compare_text(selector, _wildcard(text), equal=sign == "=")

    def _constant(self) -> object:
        word = self._take("word")
        if word not in _CONSTANTS:
            self._refuse()
        return _CONSTANTS[word]

    def _accept(self, text: str) -> bool:
        if self._tokens and self._tokens[0][1] == text:
            self._tokens.pop(0)
            return True
        return False

    def _take(self, kind: str) -> str:
        if not self._tokens or self._tokens[0][0] != kind:
            self._refuse()
        return self._tokens.pop(0)[1]

    def _refuse(self) -> NoReturn:
        raise PatternError(f"the local CloudWatch Logs cannot read the pattern {{{self._text}}}")


def _or(left: Predicate, right: Predicate) -> Predicate:
    return lambda line: left(line) or right(line)


def _and(left: Predicate, right: Predicate) -> Predicate:
    return lambda line: left(line) and right(line)


def _is(selector: str, constant: object) -> Predicate:
    return lambda line: select(selector, line.json) is constant


def _compare_number(selector: str, sign: str, operand: float) -> Predicate:
    def matches(line: LogLine) -> bool:
        value = select(selector, line.json)
        number = number_of(value)
        if number is None:
            return isinstance(value, str) and sign == "!="
        return _NUMERIC[sign](number, operand)

    return matches


def _compare_text(selector: str, wanted: re.Pattern[str], *, equal: bool) -> Predicate:
    """Compare a string or a number; a selector that points to anything else, or to nothing, never matches."""

    def matches(line: LogLine) -> bool:
        value = select(selector, line.json)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return False
        return (wanted.fullmatch(str(value)) is not None) is equal

    return matches


def _wildcard(text: str) -> re.Pattern[str]:
    """Return a regular expression for a string in which an asterisk stands for any text."""
    return re.compile(".*".join(re.escape(part) for part in text.split("*")), re.DOTALL)
