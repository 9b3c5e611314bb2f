"""Decides the state of an alarm from its data points, without a clock and without moto.

After "Alarm evaluation" and "Configuring how CloudWatch alarms treat missing data".
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

State = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]
Point = tuple[int, float]

# CloudWatch retrieves more periods than it evaluates; how many is not documented, but the guide's examples have two.
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

    `missing` is TreatMissingData: `breaching`, `notBreaching`, `ignore` or `missing`. If `datapoints_to_alarm` is not
    configured, it is None, and all evaluation periods must breach.
    """

    comparison: str
    threshold: float
    evaluation_periods: int
    datapoints_to_alarm: int | None
    missing: str

    @property
    def needed(self) -> int:
        """How many of the evaluated datapoints must breach for the state ALARM."""
        return self.datapoints_to_alarm or self.evaluation_periods

    def breaches(self, value: float) -> bool:
        """Whether the value breaches the threshold."""
        return COMPARISONS[self.comparison](value, self.threshold)


@dataclass(frozen=True)
class Evaluation:
    """An alarm's new state (None if unchanged), and the points (time, value) that it is based on, newest first.

    `missing` are the newest periods without a point, as many as the evaluation needs.
    """

    state: State | None
    evaluated: tuple[Point, ...]
    missing: tuple[int, ...]


def evaluate(rule: Rule, periods: Sequence[int], points: Mapping[int, float]) -> Evaluation:
    """Evaluate the points in a range, which is given by the starts of its periods, oldest first.

    Real points take precedence, even at the beginning of the range; only the shortfall is treated as missing data.
    """
    real = [(at, points[at]) for at in reversed(periods) if at in points]
    evaluated = tuple(real[: rule.evaluation_periods])
    filled = rule.evaluation_periods - len(evaluated)
    missing = tuple(at for at in reversed(periods) if at not in points)[:filled]
    breaching = sum(rule.breaches(value) for _, value in evaluated)
    return Evaluation(_state(rule, periods, evaluated, filled, breaching), evaluated, missing)


def _state(
    rule: Rule, periods: Sequence[int], evaluated: tuple[Point, ...], filled: int, breaching: int
) -> State | None:
    if breaching >= rule.needed:
        return "ALARM"
    if not filled or rule.missing == "notBreaching":
        return "OK"
    if rule.missing == "breaching":
        return "ALARM" if breaching + filled >= rule.needed else "OK"
    if breaching < len(evaluated):
        return "OK"
    if rule.missing == "ignore":
        return None
    return "ALARM" if _is_old_breach(rule, periods, evaluated) else "INSUFFICIENT_DATA"


def _is_old_breach(rule: Rule, periods: Sequence[int], evaluated: tuple[Point, ...]) -> bool:
    """Whether all known points breach and the oldest is at least as old as the datapoints to alarm.

    See "Avoiding premature transitions to alarm state".
    """
    return bool(evaluated) and evaluated[-1][0] <= periods[-rule.needed]
