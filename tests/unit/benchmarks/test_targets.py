"""A target is compared with the measurements: as a quotient, as a difference, or alone."""

from dataclasses import replace

import pytest

from benchmarks.rounds import Series
from benchmarks.targets import TARGETS, Relation, Target, find

MEASURED = {
    "ours": Series("ours", "ms", (10.0, 10.0)),
    "slow": Series("slow", "ms", (40.0, 40.0)),
    "fast": Series("fast", "ms", (20.0, 20.0)),
}
QUOTIENT = Target("ours ÷ the faster", "ours", ("slow", "fast"), "quotient", 0.5, gated=True)


@pytest.mark.parametrize(
    ("relation", "rivals", "figure", "unit"),
    [
        ("quotient", ("slow",), 0.25, ""),
        ("quotient", ("slow", "fast"), 0.5, ""),
        ("difference", ("fast",), -10, "ms"),
        ("alone", (), 10, "ms"),
    ],
)
def test_the_figure_is_ours_against_the_best_rival(
    relation: Relation, rivals: tuple[str, ...], figure: float, unit: str
) -> None:
    # Given a target that compares in this way
    target = replace(QUOTIENT, relation=relation, rivals=rivals)

    # When it is compared with the measurements
    finding = find(target, MEASURED)

    # Then the figure is compared with the best rival, in the unit of what was measured
    assert finding is not None
    assert (finding.figure, finding.unit) == (figure, unit)


def test_where_more_is_better_the_best_rival_is_the_one_with_most() -> None:
    # Given a target that asks for at least as much
    target = replace(QUOTIENT, at_least=True)

    # When it is compared with two rivals
    finding = find(target, MEASURED)

    # Then the larger counts
    assert finding is not None
    assert finding.figure == 0.25


@pytest.mark.parametrize(
    ("at_least", "limit", "met", "share"),
    [
        (False, 0.5, True, 1),
        (False, 0.4, False, 1.25),
        (True, 0.25, True, 1),
        (True, 0.5, False, 2),
    ],
)
def test_a_limit_may_be_reached_and_not_passed(
    at_least: bool, limit: float, met: bool, share: float
) -> None:
    # Given a limit of either kind, reached or missed
    finding = find(replace(QUOTIENT, at_least=at_least, limit=limit), MEASURED)

    # Then it says so, and how much of it was used
    assert finding is not None
    assert finding.is_met is met
    assert finding.share == share


def test_what_was_not_measured_is_not_judged() -> None:
    # Given a run that left out one rival
    partial = {key: series for key, series in MEASURED.items() if key != "slow"}

    # Then the target has no finding
    assert find(QUOTIENT, partial) is None


def test_every_target_has_a_name_of_its_own() -> None:
    assert len({target.name for target in TARGETS}) == len(TARGETS)
