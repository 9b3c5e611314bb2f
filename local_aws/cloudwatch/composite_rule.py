"""The rule expression of a composite alarm: `ALARM("a") AND NOT (OK(b) OR INSUFFICIENT_DATA(c))`.

The syntax follows "AlarmRule" in the API reference of PutCompositeAlarm and, for AT_LEAST, "Composite alarms" in the
CloudWatch guide: `AT_LEAST(2, NOT OK, (a, b, c))`, or `50%` of them. NOT binds tighter than AND, AND tighter than OR.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

# The states of alarms by name.
States = Mapping[str, str]
Holds = Callable[[States], bool]
UNKNOWN = "INSUFFICIENT_DATA"

_TOKEN = re.compile(
    r"""\s*(?:
        AT_LEAST\s*\(\s*(?P<least>\d+)(?P<percent>%?)\s*,\s*(?P<not>NOT\s+)?(?P<of>ALARM|OK|INSUFFICIENT_DATA)\s*,
            \s*\((?P<among>(?:"[^"]+"|[^()"])+)\)\s*\)
      | (?P<state>ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*+(?:"(?P<quoted>[^"]+)"\s*+|(?P<name>[^()"]++))\)
      | (?P<word>AND|OR|NOT|TRUE|FALSE)\b
      | (?P<sign>[()])
    )""",
    re.VERBOSE,
)
# A name in the list of AT_LEAST. What a quantifier with `+` has matched stays matched, so no rule takes long to parse.
_AMONG = re.compile(r'\s*+(?:"([^"]+)"\s*+|([^,"]++))(?:,|$)')
# "AlarmRule": at most 500 elements, such as operators and functions, and 100 alarms.
ELEMENTS_LIMIT = 500
ALARMS_LIMIT = 100


class RuleError(ValueError):
    """The rule is not valid; the message says why."""


@dataclass(frozen=True)
class CompositeRule:
    """Whether a rule holds for the states of alarms, and the names of the alarms in it."""

    holds: Holds
    alarms: tuple[str, ...]


@lru_cache(maxsize=256)
def parse_rule(text: str) -> CompositeRule:
    """Parse a rule. Raises RuleError."""
    tokens = _split(text)
    if len(tokens) > ELEMENTS_LIMIT:
        raise RuleError(f"the alarm rule has more than {ELEMENTS_LIMIT} elements")
    parser = _Parser(tokens)
    holds = parser.either()
    if parser.tokens:
        raise RuleError(f"the alarm rule is not valid at {parser.tokens[0][0]!r}")
    alarms = tuple(dict.fromkeys(name for token in tokens for name in _alarms(token)))
    if len(alarms) > ALARMS_LIMIT:
        raise RuleError(f"the alarm rule has more than {ALARMS_LIMIT} alarms")
    return CompositeRule(holds, alarms)


class _Parser:
    """A recursive-descent parser; `tokens` are those not parsed yet."""

    def __init__(self, tokens: list[re.Match[str]]) -> None:
        self.tokens = list(tokens)

    def either(self) -> Holds:
        holds = self._both()
        while self._accept("OR"):
            holds = _or(holds, self._both())
        return holds

    def _both(self) -> Holds:
        holds = self._one()
        while self._accept("AND"):
            holds = _and(holds, self._one())
        return holds

    def _one(self) -> Holds:
        if self._accept("NOT"):
            return _not(self._one())
        if self._accept("("):
            holds = self.either()
            if not self._accept(")"):
                raise RuleError("a parenthesis of the alarm rule is not closed")
            return holds
        if self._accept("TRUE"):
            return lambda _: True
        if self._accept("FALSE"):
            return lambda _: False
        if not self.tokens or not (self.tokens[0]["state"] or self.tokens[0]["least"]):
            raise RuleError("the alarm rule lacks an operand")
        token = self.tokens.pop(0)
        if token["least"]:
            return _at_least(token)
        [name], state = _alarms(token), token["state"]
        return lambda states: states.get(name, UNKNOWN) == state

    def _accept(self, text: str) -> bool:
        if self.tokens and text in (self.tokens[0]["word"], self.tokens[0]["sign"]):
            self.tokens.pop(0)
            return True
        return False


def _split(text: str) -> list[re.Match[str]]:
    tokens: list[re.Match[str]] = []
    position, text = 0, text.rstrip()
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise RuleError(f"the alarm rule is not valid at {text[position:]!r}")
        tokens.append(token)
        position = token.end()
    return tokens


def alarm_name(alarm: str) -> str:
    """Return the name of an alarm, given its name or ARN."""
    return alarm.split(":", 6)[6] if alarm.startswith("arn:") else alarm


def _alarms(token: re.Match[str]) -> list[str]:
    """Return the names of the alarms in a token. Raises RuleError."""
    if token["state"]:
        return [alarm_name(token["quoted"] or token["name"].rstrip())]
    if not token["least"]:
        return []
    names, listed = list(_AMONG.finditer(token["among"])), token["among"]
    if "".join(name[0] for name in names) != listed or listed.endswith(","):
        raise RuleError(f"the alarms of AT_LEAST are not valid at {listed!r}")
    return [alarm_name(name[1] or name[2].rstrip()) for name in names]


def _at_least(token: re.Match[str]) -> Holds:
    """Return the rule that this many alarms of a list, or this percentage, are or are not in a state."""
    alarms, state, negated = _alarms(token), token["of"], token["not"] is not None
    threshold, most = int(token["least"]), 100 if token["percent"] else len(alarms)
    if not 1 <= threshold <= most:
        raise RuleError(f"the threshold of AT_LEAST is not from 1 to {most}")
    least = math.ceil(threshold * len(alarms) / most)
    return lambda states: (
        sum((states.get(name, UNKNOWN) == state) is not negated for name in alarms) >= least
    )


def _or(left: Holds, right: Holds) -> Holds:
    return lambda states: left(states) or right(states)


def _and(left: Holds, right: Holds) -> Holds:
    return lambda states: left(states) and right(states)


def _not(inner: Holds) -> Holds:
    return lambda states: not inner(states)
