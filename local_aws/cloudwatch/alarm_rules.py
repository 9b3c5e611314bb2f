"""Decides an alarm's state from its data points, with no clock and no moto.

The rules are those of "Alarm evaluation" and "Configuring how CloudWatch alarms treat missing data".
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

State = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]
Point = tuple[int, float]

# CloudWatch retrieves more periods than it evaluates. It does not document how many; the guide's examples have two.
EXTRA_PERIODS = 2

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


@dataclass(frozen=True)
class Rule:
    """The configuration that decides an alarm's state; `comparison` is one of COMPARISONS.

    `missing` is TreatMissingData: `breaching`, `notBreaching`, `ignore` or `missing`.
    """

    comparison: str
    threshold: float
    evaluation_periods: int
    datapoints_to_alarm: int
    missing: str

    def breaches(self, value: float) -> bool:
        """Whether the value breaches the threshold."""
        return COMPARISONS[self.comparison](value, self.threshold)


@dataclass(frozen=True)
class Evaluation:
    """An alarm's new state (None: unchanged), and the points (time, value) it is based on, newest first.

    `filled` is the number of missing points that were needed.
    """

    state: State | None
    evaluated: tuple[Point, ...]
    filled: int


def evaluate(rule: Rule, periods: Sequence[int], points: Mapping[int, float]) -> Evaluation:
    """Evaluate the points of an evaluation range, given by the start of each period, oldest first.

    Real points take precedence, however far back in the range; only the shortfall is treated as missing data.
    """
    real = [(at, points[at]) for at in reversed(periods) if at in points]
    evaluated = tuple(real[: rule.evaluation_periods])
    filled = rule.evaluation_periods - len(evaluated)
    breaching = sum(rule.breaches(value) for _, value in evaluated)
    return Evaluation(_state(rule, periods, evaluated, filled, breaching), evaluated, filled)


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
    """Whether all known points breach and the oldest is at least as old as the datapoints to alarm.

    See "Avoiding premature transitions to alarm state".
    """
    return bool(evaluated) and evaluated[-1][0] <= periods[-rule.datapoints_to_alarm]
