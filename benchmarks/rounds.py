"""Measures contenders side by side, each once per round, so that a busy moment affects all of them."""

import random
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scripts.terminal.errors import UserError

SEED = 1  # the order differs from round to round, but not from run to run


class MeasurementError(UserError):
    """A contender did not do what it should; the message says what it did."""


@dataclass(frozen=True)
class Series:
    """The measurements of one contender: its label in the report, the unit, and the values in order."""

    label: str
    unit: str
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle value."""
        return statistics.median(self.values)

    @property
    def quartiles(self) -> tuple[float, float]:
        """The first and the third quartile; both are the value if there is only one."""
        if len(self.values) == 1:
            return self.values[0], self.values[0]
        first, _, third = statistics.quantiles(self.values, n=4, method="inclusive")
        return first, third


def quotient(one: Series, other: Series) -> float:
    """Return the median of the rounds' quotients, which a busy moment affects less than the quotient of the medians."""
    return statistics.median(a / b for a, b in zip(one.values, other.values, strict=True))


def difference(one: Series, other: Series) -> float:
    """Return the median of the differences round by round."""
    return statistics.median(a - b for a, b in zip(one.values, other.values, strict=True))


def interleaved(
    contenders: Mapping[str, Callable[[], float]], rounds: int, warm_ups: int = 0
) -> dict[str, tuple[float, ...]]:
    """Call every contender once per round, in a new random order each round; returns what each call returned.

    The first `warm_ups` rounds are run and not counted.
    """
    draw = random.Random(SEED)  # noqa: S311 - an order is no secret
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(warm_ups + rounds):
        for name in draw.sample(sorted(contenders), len(contenders)):
            value = contenders[name]()
            if number >= warm_ups:
                taken[name].append(value)
    return {name: tuple(values) for name, values in taken.items()}
