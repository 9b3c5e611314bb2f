"""The report shows every figure, and which targets are met."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import chart, report
from benchmarks.results import Section, Table
from benchmarks.rounds import Series
from benchmarks.targets import Finding, Target

TARGET = Target("ours ÷ theirs", "a.ours", ("a.theirs",), "quotient", 0.5, gated=True)
SECTION = Section(
    "Speed",
    "How it was measured.",
    (
        Table(
            "a table",
            {
                "a.ours": Series("**ours**", "ms", (10.0, 12.0, 11.0)),
                "a.theirs": Series("theirs", "ms", (20.0, 24.0, 22.0)),
            },
            "a.ours",
        ),
    ),
    ("A remark.",),
)


def test_a_table_has_median_quartiles_and_the_quotient_to_ours() -> None:
    # When a section is rendered
    text = report.render([SECTION], [], seconds=90)

    # Then its table compares every contender with ours
    assert "| a table | median | quartiles | n | ÷ ours |" in text
    assert "| **ours** | 11.0 ms | 10.5 to 11.5 | 3 | 1.00 |" in text
    assert "| theirs | 22.0 ms | 21.0 to 23.0 | 3 | 2.00 |" in text
    # And how it was measured, and the remarks are shown
    assert "How it was measured." in text
    assert "A remark." in text
    assert "in 1.5 minutes" in text


def test_a_table_without_a_reference_has_no_quotients() -> None:
    # Given a table whose figures are not compared
    (table,) = SECTION.tables

    # When it is rendered
    text = report.render([replace(SECTION, tables=(replace(table, reference=None),))], [], 1)

    # Then it ends with the number of rounds
    assert "| theirs | 22.0 ms | 21.0 to 23.0 | 3 |\n" in text


def test_a_missed_target_is_called_so() -> None:
    # Given one target that is met and one that is missed
    findings = [Finding(TARGET, 0.25, ""), Finding(replace(TARGET, name="other"), 0.75, "")]

    # When they are rendered
    text = report.targets_table(findings)

    # Then each has figure, limit and verdict
    assert "| ours ÷ theirs | 0.250 | ≤ 0.5 | met |" in text
    assert "| other | 0.750 | ≤ 0.5 | **missed** |" in text


def test_a_lower_limit_and_a_unit_are_shown() -> None:
    # Given a target that asks for at least two milliseconds
    finding = Finding(replace(TARGET, at_least=True, limit=2), 3.25, "ms")

    # Then sign and unit are shown
    assert report.limit(finding) == "≥ 2 ms"
    assert report.figure(finding) == "3.25 ms"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.1234, "0.123"), (1.234, "1.23"), (12.34, "12.3"), (1234.5, "1,234")],
)
def test_figures_have_three_digits(value: float, text: str) -> None:
    assert report.short(value) == text


def test_the_versions_of_all_that_is_compared_are_shown() -> None:
    # When a report is made
    text = report.render([], [], 1)

    # Then it names the versions that are locked, and none is unknown
    assert "ministack " in text
    assert "aws-lambda-powertools " in text
    assert "unknown" not in text


def test_the_chart_is_a_picture(tmp_path: Path) -> None:
    # Given a target that is met and one that is missed by far
    findings = [Finding(TARGET, 0.25, ""), Finding(replace(TARGET, name="other"), 7.5, "")]

    # When they are drawn
    chart.save(findings, tmp_path / "chart.png")

    # Then the file is a PNG
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")
