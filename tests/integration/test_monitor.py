"""scripts/monitor.py, on a local AWS that holds a dashboard, metrics, a log, rides and an alarm."""

import json
import os
import struct
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from deployed import Client
from watched import REPORT, RIDE_IDS, Watched, log_line

import monitor
from stack import ROOT

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def watched(client: Client, isolated: None) -> Iterator[Watched]:
    """Give a function with a past, in the environment of a local run."""
    function = Watched(f"Watched-{uuid.uuid4().hex[:8]}", client)
    function.make()
    yield function
    function.remove()


def as_json(function: Watched, capsys: Capture) -> dict[str, Any]:
    assert monitor.main(["--json", "--function", function.name]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_everything_is_shown_in_80_columns_without_escape_codes(
    watched: Watched, capsys: Capture
) -> None:
    # Given a function with a past, and a pipe

    # When it is looked at
    assert monitor.main(["--function", watched.name]) == 0

    # Then all of it is there
    shown = capsys.readouterr()
    assert shown.err == ""
    for text in (
        f"{watched.name}, 60 minutes to ",
        f"{watched.name}-alarm, since ",
        "Invocations 10",
        "o minimum 5  x p99 500",
        "o Errors 1  x rate 90",
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
    watched: Watched, capsys: Capture
) -> None:
    # Given a function with a past

    # When a machine looks at it
    told = as_json(watched, capsys)

    # Then it gets every line that is drawn, with its points, and those without
    lines = {
        (graph["title"], series["label"]): [value for _, value in series["points"]]
        for graph in told["graphs"]
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
    assert datetime.fromisoformat(told["graphs"][0]["series"][0]["points"][0][0]).tzinfo == UTC

    # And the last rides, the newest first, and the log of both streams in order
    assert [ride["ride_id"] for ride in told["rides"]] == RIDE_IDS[:1:-1]
    assert [line["message"] for line in told["log"]] == [
        line for ride_id in RIDE_IDS for line in (log_line(ride_id), REPORT)
    ]
    assert [alarm["name"] for alarm in told["alarms"]] == [f"{watched.name}-alarm"]
    assert told["problems"] == []

    # And the cost, here worked out by hand: 10 requests, 49 ms of half a GB, 7 units, and the log of 10 requests
    a_request_logs = sum(len(log_line(i)) + len(REPORT) + 2 * 26 for i in RIDE_IDS) / 7
    total = 10 * 0.2e-6 + 0.049 / 2 * 1.66667e-5 + 7 * 0.625e-6 + 10 * a_request_logs / 2**30 / 2
    assert told["cost"]["total"] == pytest.approx(total)
    assert told["cost"]["per_million_rides"] == pytest.approx(total / 7 * 1e6)


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


@pytest.mark.parametrize(("terminal", "begins"), [(True, "\x1b[H"), (False, "")])
def test_watching_shows_it_again_and_again_until_ctrl_c(
    watched: Watched,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
    terminal: bool,
    begins: str,
) -> None:
    # Given a person, at a terminal or a pipe, who presses Ctrl-C after the second look
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    monkeypatch.setenv("NO_COLOR", "1")
    looks: list[float] = []

    def sleep(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("monitor.time.sleep", sleep)

    # When they watch
    status = monitor.main(["--watch", "--function", watched.name])

    # Then each look is shown, in place on a terminal and no longer than it, and the end is silent
    shown = capsys.readouterr()
    assert (status, shown.err) == (130, "")
    assert shown.out.startswith(f"{begins}{watched.name}")
    assert shown.out.count(f"{watched.name}, 60 minutes") == 2
    assert ("\x1b" in shown.out) is terminal
    assert not terminal or len(shown.out.splitlines()) <= 2 * 24


def restrict(client: Client, monkeypatch: pytest.MonkeyPatch, *denied: str) -> None:
    """Become a user who may do everything but some actions."""
    users, name = client("iam"), f"user-{uuid.uuid4().hex[:8]}"
    users.create_user(UserName=name)
    statements = [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": denied, "Resource": "*"},
    ]
    users.put_user_policy(
        UserName=name,
        PolicyName="restricted",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements}),
    )
    key = users.create_access_key(UserName=name)["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])


@pytest.mark.parametrize(
    ("denied", "problem", "missing"),
    [
        ("logs:GetLogEvents", "log not shown: ", {"log", "rides"}),
        ("logs:DescribeLogStreams", "log not shown: ", {"log", "rides"}),
        ("dynamodb:BatchGetItem", "rides not shown: ", {"rides"}),
        ("cloudwatch:DescribeAlarms", "alarms not shown: ", {"alarms"}),
        ("cloudwatch:GetMetricData", "graphs not shown: ", {"graphs", "cost"}),
        ("cloudwatch:GetDashboard", "graphs and alarms not shown: ", {"graphs", "alarms", "cost"}),
        ("lambda:GetFunctionConfiguration", "rides and cost not shown: ", {"rides", "cost"}),
    ],
)
def test_what_may_not_be_read_is_said_and_the_rest_is_shown(
    watched: Watched,
    client: Client,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
    denied: str,
    problem: str,
    missing: set[str],
) -> None:
    # Given a user who may not do one thing
    restrict(client, monkeypatch, denied)

    # When they look at the function
    told = as_json(watched, capsys)

    # Then the action is named, and only what needs it is missing
    (said,) = told["problems"]
    assert said.startswith(problem)
    assert denied.partition(":")[2] in said
    parts = ("graphs", "alarms", "log", "rides", "cost")
    assert {part for part in parts if not told[part]} == missing


def test_a_function_without_a_dashboard_is_told_how_to_get_one(
    watched: Watched, capsys: Capture
) -> None:
    # Given a function whose dashboard was deleted
    watched.client("cloudwatch").delete_dashboards(DashboardNames=[watched.name])

    # When it is looked at
    told = as_json(watched, capsys)
    watched.client("cloudwatch").put_dashboard(DashboardName=watched.name, DashboardBody="{}")

    # Then the mend is said, and the log is there
    (said,) = told["problems"]
    assert said.startswith("graphs and alarms not shown: ")
    assert "make apply" in said
    assert told["log"]


def refused(capsys: Capture, *arguments: str) -> str:
    """Look at a function in vain; return what is said on standard error."""
    status = monitor.main(list(arguments))
    shown = capsys.readouterr()
    assert (status, shown.out) == (1, "")
    assert "Traceback" not in shown.err
    return shown.err


def test_an_unknown_function_is_an_error_with_the_mend(isolated: None, capsys: Capture) -> None:
    # Given a local AWS without such a function

    # When it is looked at
    said = refused(capsys, "--function", "Nobody")

    # Then it is named, and how to deploy it
    assert said.startswith("monitor: No answer about Nobody from http://127.0.0.1:")
    assert "make local-apply" in said


def test_an_address_where_nobody_answers_is_an_error_with_the_mend(
    isolated: None, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a local AWS that was stopped
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")

    # When a function is looked at

    # Then it is said how to start it
    assert "Start `make local`" in refused(capsys)


def test_a_picture_that_cannot_be_written_is_an_error(
    watched: Watched, capsys: Capture, tmp_path: Path
) -> None:
    # Given a folder that is not there
    path = tmp_path / "nowhere" / "monitor.png"

    # When a picture is to go there
    said = refused(capsys, "--function", watched.name, "--png", str(path))

    # Then that is said
    assert said == f"monitor: {path} cannot be written: No such file or directory.\n"


@pytest.mark.parametrize("minutes", ["0", "-1", "1.5", "hour", "20161", "²"])
def test_minutes_out_of_range_are_refused_with_the_range(capsys: Capture, minutes: str) -> None:
    # Given a stretch of time that CloudWatch has no data by the minute for, or that is none

    # When it is asked for
    with pytest.raises(SystemExit) as exited:
        monitor.main([f"--minutes={minutes}"])

    # Then the range is named
    assert exited.value.code == 2
    assert "from 1 to 20160" in capsys.readouterr().err


def test_a_reader_who_has_seen_enough_ends_it_without_a_traceback(watched: Watched) -> None:
    # Given a pipe that nobody reads any more
    reading, writing = os.pipe()
    os.close(reading)

    # When the function is shown into it
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts/monitor.py"), "--function", watched.name],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)

    # Then it ends in silence
    assert (done.returncode, done.stderr) == (1, "")


def test_help_shows_examples(capsys: Capture) -> None:
    # Given a person who has never used it

    # When they ask for help
    with pytest.raises(SystemExit) as exited:
        monitor.main(["--help"])

    # Then they see how
    assert exited.value.code == 0
    assert "monitor.py --png docs/monitor.png" in capsys.readouterr().out
