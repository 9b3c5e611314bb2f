"""The command: what it prints and writes, and when it fails."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import bench
from benchmarks.results import Section, Table
from benchmarks.rounds import MeasurementError, Series

Measured = Callable[[float], None]


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Measured:
    """Give a way to say how long our handler took, instead of measuring; reports go to tmp_path."""
    monkeypatch.setattr(bench, "REPORT", tmp_path / "results.md")
    monkeypatch.setattr(bench, "CHART", tmp_path / "results.png")

    def say(microseconds: float) -> None:
        table = Table("handler", {"handler.ours": Series("ours", "µs", (microseconds,))})
        sections = [Section("Cold start", "How it was measured.", (table,), ("A remark.",))]
        monkeypatch.setattr(bench, "measure", lambda *_, **__: sections)

    return say


def test_a_whole_run_writes_report_and_chart(measured: Measured, tmp_path: Path) -> None:
    # Given a run that measured something
    measured(40)

    # When everything was to be measured
    status = bench.main([])

    # Then the report and the chart are written
    assert status == 0
    assert "How it was measured." in (tmp_path / "results.md").read_text()
    assert (tmp_path / "results.png").exists()


@pytest.mark.parametrize("arguments", [["--only", "deploy"], ["--check"]])
def test_part_of_a_run_leaves_the_report_alone(
    measured: Measured, tmp_path: Path, arguments: list[str]
) -> None:
    # Given a run that measured something
    measured(40)

    # When only a part was to be measured
    bench.main(arguments)

    # Then nothing is written
    assert not list(tmp_path.iterdir())


def test_a_check_passes_while_the_gated_targets_are_met(
    measured: Measured, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a handler well within its limit
    measured(40)

    # When it is checked
    status = bench.main(["--check"])

    # Then nothing is wrong
    assert status == 0
    assert capsys.readouterr().err == ""


def test_a_check_fails_with_name_figure_and_limit(
    measured: Measured, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a handler that has become slow
    measured(500)

    # When it is checked
    status = bench.main(["--check"])

    # Then one line names target, figure and limit
    assert status == 1
    line = "bench-check: Handler time without the table: 500 µs, limit ≤ 150 µs\n"
    assert capsys.readouterr().err == line


def test_json_has_targets_figures_and_remarks(
    measured: Measured, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a run that measured something
    measured(40)

    # When it is asked for as JSON
    bench.main(["--only", "cold-start", "--json"])

    # Then a program can read it all
    result = json.loads(capsys.readouterr().out)
    assert result["targets"][0] == {
        "name": "Handler time without the table",
        "figure": 40,
        "unit": "µs",
        "limit": 150,
        "at_least": False,
        "met": True,
    }
    assert result["figures"]["handler.ours"]["values"] == [40]
    assert result["remarks"] == ["A remark."]


def test_what_could_not_be_measured_is_reported_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a peer that does not work
    def fail(*_: object, **__: object) -> None:
        raise MeasurementError("MiniStack did not start")

    monkeypatch.setattr(bench, "measure", fail)

    # When the benchmark runs
    status = bench.main([])

    # Then it says so
    assert status == 1
    assert capsys.readouterr().err == "bench: MiniStack did not start\n"
