"""Conditions combined with `&&`, `||` and parentheses: a recursive-descent parser; `&&` binds tighter than `||`."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from local_aws.cloudwatch.filter_patterns.errors import PatternError
from local_aws.cloudwatch.filter_patterns.line import LogLine

# "Supported regular expressions (regex) syntax", Quotas.
REGEX_LIMIT = 2
Predicate = Callable[[LogLine], bool]


@dataclass(frozen=True)
class Token:
    """A token of a pattern: its kind, which depends on the language, and its text."""

    kind: str
    text: str


class Tokens:
    """The tokens of a pattern that have not been parsed yet."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens

    def accept(self, text: str) -> bool:
        """Take the next token if it is this text."""
        if self._tokens and self._tokens[0].text == text:
            self._tokens.pop(0)
            return True
        return False

    def take(self, *kinds: str) -> str:
        """Take the next token, which must be of one of these kinds. Raises PatternError."""
        if not self._tokens or self._tokens[0].kind not in kinds:
            raise self.error()
        return self._tokens.pop(0).text

    def end(self) -> None:
        """Raise PatternError unless all tokens have been parsed."""
        if self._tokens:
            raise self.error()

    def error(self) -> PatternError:
        """Return the error for a pattern that cannot be parsed at the next token."""
        at = f"at {self._tokens[0].text!r}" if self._tokens else "at its end"
        return PatternError(f"not valid {at}")


def split(pattern: str, token: re.Pattern[str]) -> list[Token]:
    """Split a pattern in brackets into tokens, whose kinds are the named groups of `token`. Raises PatternError."""
    text = pattern[1:-1].rstrip()
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = token.match(text, position)
        if match is None or match.lastgroup is None:
            raise PatternError(f"not valid at {text[position:]!r}")
        tokens.append(Token(match.lastgroup, match[match.lastgroup]))
        position = match.end()
    if sum(each.kind == "regex" for each in tokens) > REGEX_LIMIT:
        raise PatternError(f"more than {REGEX_LIMIT} regular expressions")
    return tokens


def parse_logic(tokens: Tokens, condition: Callable[[Tokens], Predicate]) -> Predicate:
    """Parse conditions combined with `&&`, `||` and parentheses. Raises PatternError."""
    left = _both(tokens, condition)
    while tokens.accept("||"):
        left = _or(left, _both(tokens, condition))
    return left


def _both(tokens: Tokens, condition: Callable[[Tokens], Predicate]) -> Predicate:
    left = _one(tokens, condition)
    while tokens.accept("&&"):
        left = _and(left, _one(tokens, condition))
    return left


def _one(tokens: Tokens, condition: Callable[[Tokens], Predicate]) -> Predicate:
    if not tokens.accept("("):
        return condition(tokens)
    inner = parse_logic(tokens, condition)
    if not tokens.accept(")"):
        raise tokens.error()
    return inner


def _or(left: Predicate, right: Predicate) -> Predicate:
    return lambda line: left(line) or right(line)


def _and(left: Predicate, right: Predicate) -> Predicate:
    return lambda line: left(line) and right(line)
