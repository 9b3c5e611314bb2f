"""scripts/monitor.py shows graphs, alarms, log, rides and cost, as text, JSON or a picture."""

import os
import re
import struct
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scripts import monitor
from scripts.project.paths import ROOT
from tests.integration.watched import REPORT, RIDE_IDS, Watched, log_line

Capture = pytest.CaptureFixture[str]
AsJson = Callable[[], dict[str, Any]]


def test_everything_is_shown_in_80_columns_without_escape_codes(
    watched: Watched, capsys: Capture
) -> None:
    # Given a function with a past, and a pipe

    # When it is looked at
    assert monitor.main(["--function", watched.name]) == 0

    # Then all of it is shown
    shown = capsys.readouterr()
    assert shown.err == ""
    for text in (
        f"{watched.name}, 60 minutes to ",
        f"{watched.name}-alarm, since ",
        "Invocations sum 10",
        "o minimum last 5  x p99 last 500",
        "o Errors sum 1  x rate last 90",
        "├100",  # the rate has an axis of its own
        "No data: Throttles.",
        "12:00:00 Ride-6 Rocinante",
        "INFO ride request outcome=created",
        "REPORT 6.5 ms, billed 7 ms, 45 MB of 512 MB",
        "Lambda, 10 requests",
    ):
        assert text in shown.out
    assert max(map(len, shown.out.splitlines())) <= 80
    assert "\x1b" not in shown.out


def test_json_has_the_points_of_every_line_and_what_they_cost(
    watched: Watched, as_json: AsJson
) -> None:
    # Given a function with a past

    # When a machine looks at it
    seen = as_json()

    # Then it gets every line that is drawn, with its points, and those without
    lines = {
        (graph["title"], series["label"]): [value for _, value in series["points"]]
        for graph in seen["graphs"]
        for series in graph["series"]
    }
    assert lines == {
        ("Invocations", "Invocations"): [10],
        ("Duration (ms)", "minimum"): [5],
        ("Duration (ms)", "p99"): [500],
        ("Errors", "Errors"): [1],
        ("Errors", "rate"): [90],
        ("Rides", "created"): [7],
        ("Billed", "BilledDuration"): [49],
        ("Throttles", "Throttles"): [],
    }
    assert datetime.fromisoformat(seen["graphs"][0]["series"][0]["points"][0][0]).tzinfo == UTC

    # And the last rides, the newest first, and the log of both streams in order
    assert [ride["ride_id"] for ride in seen["rides"]] == RIDE_IDS[:1:-1]
    assert [line["message"] for line in seen["log"]] == [
        line for ride_id in RIDE_IDS for line in (log_line(ride_id), REPORT)
    ]
    assert [alarm["name"] for alarm in seen["alarms"]] == [f"{watched.name}-alarm"]
    assert seen["problems"] == []

    # And the cost, here worked out by hand: 10 requests, 49 ms of half a GB, 7 units, and the log of 10 requests
    a_request_logs = sum(len(log_line(i)) + len(REPORT) + 2 * 26 for i in RIDE_IDS) / 7
    total = 10 * 0.2e-6 + 0.049 / 2 * 1.66667e-5 + 7 * 0.625e-6 + 10 * a_request_logs / 2**30 / 2
    assert seen["cost"]["total"] == pytest.approx(total)
    assert seen["cost"]["per_million_rides"] == pytest.approx(total / 7 * 1e6)


def test_all_times_are_utc_wherever_the_reader_is(watched: Watched) -> None:
    # Given a person in Tokyo
    environment = {**os.environ, "TZ": "Asia/Tokyo"}

    # When they look at the function
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts/monitor.py"), "--json", "--function", watched.name],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    # Then its alarm, its points and its log are in the time of the headline
    times = re.findall(r'"(\d{4}-\d\d-\d\dT[^"]+)"', done.stdout)
    assert len(times) > len(RIDE_IDS)
    assert {time[-6:] for time in times if not time.endswith("Z")} == {"+00:00"}


def test_a_wider_terminal_holds_more_charts_in_a_row(
    watched: Watched, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a terminal of 120 columns
    monkeypatch.setenv("COLUMNS", "120")

    # When it shows the function
    monitor.main(["--function", watched.name])

    # Then three charts stand beside each other
    lines = capsys.readouterr().out.splitlines()
    assert max(line.count("┌") for line in lines) == 3
    assert 80 < max(map(len, lines)) <= 120


def test_a_picture_is_a_png_of_a_size_to_look_at(
    watched: Watched, capsys: Capture, tmp_path: Path
) -> None:
    # Given a place for it
    path = tmp_path / "monitor.png"

    # When it is drawn
    assert monitor.main(["--function", watched.name, "--png", str(path)]) == 0

    # Then it is a PNG, as wide as three graphs, and not empty
    written = path.read_bytes()
    assert written[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", written[16:24])
    assert width == 1500
    assert 700 < height < 2000
    assert 30_000 < len(written) < 1_000_000
    assert capsys.readouterr().out == f"{path}: {watched.name}, the last 60 minutes\n"


def test_help_shows_examples(capsys: Capture) -> None:
    # Given a person who has never used it

    # When they ask for help
    with pytest.raises(SystemExit) as exited:
        monitor.main(["--help"])

    # Then they see how
    assert exited.value.code == 0
    assert "monitor.py --png docs/monitor.png" in capsys.readouterr().out
