"""Measurements are taken in turns, and compared round by round."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.rounds import Series, difference, interleaved, quotient


def series(*values: float) -> Series:
    return Series("one", "ms", values)


def test_each_round_has_every_contender_once_and_not_always_in_the_same_order() -> None:
    # Given three contenders that note when they are called
    called: list[str] = []

    def contender(name: str) -> float:
        called.append(name)
        return float(len(called))

    # When they are measured in ten rounds
    taken = interleaved({name: partial(contender, name) for name in "abc"}, rounds=10)

    # Then each round holds each once, and orders differ
    rounds = [tuple(called[start : start + 3]) for start in range(0, 30, 3)]
    assert all(sorted(one) == ["a", "b", "c"] for one in rounds)
    assert len(set(rounds)) > 1
    # And each value stands with its contender, in the order of the rounds
    assert taken["a"] == tuple(called.index("a", 3 * number) + 1.0 for number in range(10))


def test_warm_ups_are_run_and_not_counted() -> None:
    # Given a contender that counts its calls
    calls = iter(range(100))

    # When it is measured three times after two warm-ups
    taken = interleaved({"a": lambda: float(next(calls))}, rounds=3, warm_ups=2)

    # Then the first two calls are not in the figures
    assert taken == {"a": (2.0, 3.0, 4.0)}


def test_the_median_and_quartiles_of_known_values() -> None:
    # Given five values, out of order
    measured = series(50, 10, 40, 20, 30)

    # Then the middle and the quarters are those of the sorted values
    assert measured.median == 30
    assert measured.quartiles == (20, 40)


def test_a_single_value_is_its_own_quartiles() -> None:
    assert series(7).quartiles == (7, 7)


@given(st.lists(st.floats(1, 1000), min_size=1, max_size=50))
def test_quartiles_enclose_the_median(values: list[float]) -> None:
    # Given any values
    measured = series(*values)

    # Then first quartile, median and third quartile are in order
    first, third = measured.quartiles
    assert first <= measured.median <= third


def test_a_busy_moment_that_hits_both_changes_neither_quotient_nor_difference_much() -> None:
    # Given two contenders, one half as fast, and a round in which everything took ten times as long
    one, other = series(10, 100, 10, 10), series(20, 200, 20, 20)

    # Then they compare as they do in the quiet rounds
    assert quotient(one, other) == 0.5
    assert difference(one, other) == -10


def test_series_of_different_rounds_are_not_compared() -> None:
    with pytest.raises(ValueError, match="zip"):
        quotient(series(1, 2), series(1))
