"""When an alarm is in which state: no clock, no moto, points in and a judgement out.

The rules are those of "Alarm evaluation" and "Configuring how CloudWatch alarms treat missing data".
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

State = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]
Point = tuple[int, float]

# CloudWatch looks at some periods more than it evaluates, and does not tell how many: two in the guide's examples.
EXTRA_PERIODS = 2

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


@dataclass(frozen=True)
class Rule:
    """What an alarm's configuration says of when to raise it; `comparison` is one of COMPARISONS.

    `missing` is TreatMissingData: `breaching`, `notBreaching`, `ignore` or `missing`.
    """

    comparison: str
    threshold: float
    evaluation_periods: int
    datapoints_to_alarm: int
    missing: str

    def breaches(self, value: float) -> bool:
        """Whether the value is outside the threshold."""
        return COMPARISONS[self.comparison](value, self.threshold)


@dataclass(frozen=True)
class Judgement:
    """The state an alarm shall be in, None to stay as it is; the points (time, value) it rests on, the newest first.

    `filled` is how many more were needed and missing.
    """

    state: State | None
    evaluated: tuple[Point, ...]
    filled: int


def judge(rule: Rule, periods: Sequence[int], points: Mapping[int, float]) -> Judgement:
    """Judge by the points of an evaluation range: the start of each of its periods, the newest last.

    Real points are preferred, however far back in the range; only what they lack is filled in.
    """
    real = [(at, points[at]) for at in reversed(periods) if at in points]
    evaluated = tuple(real[: rule.evaluation_periods])
    filled = rule.evaluation_periods - len(evaluated)
    breaching = sum(rule.breaches(value) for _, value in evaluated)
    return Judgement(_state(rule, periods, evaluated, filled, breaching), evaluated, filled)


def _state(
    rule: Rule, periods: Sequence[int], evaluated: tuple[Point, ...], filled: int, breaching: int
) -> State | None:
    if breaching >= rule.datapoints_to_alarm:
        return "ALARM"
    if not filled or rule.missing == "notBreaching":
        return "OK"
    if rule.missing == "breaching":
        return "ALARM" if breaching + filled >= rule.datapoints_to_alarm else "OK"
    if breaching < len(evaluated):
        return "OK"
    if rule.missing == "ignore":
        return None
    return "ALARM" if _is_old_breach(rule, periods, evaluated) else "INSUFFICIENT_DATA"


def _is_old_breach(rule: Rule, periods: Sequence[int], evaluated: tuple[Point, ...]) -> bool:
    """Whether nothing but breaches is known, since so long ago that waiting for more would not help.

    "Avoiding premature transitions to alarm state": the oldest is at least as old as the datapoints to alarm.
    """
    return bool(evaluated) and evaluated[-1][0] <= periods[-rule.datapoints_to_alarm]
