"""Somebody watches with scripts/monitor.py, for as long as they like."""

import os
import re
import signal
import subprocess
import sys

import pytest

from scripts import monitor
from scripts.project.paths import ROOT
from tests.integration.watched import Watched

Capture = pytest.CaptureFixture[str]


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

    monkeypatch.setattr("scripts.monitor.time.sleep", sleep)

    # When they watch
    with pytest.raises(KeyboardInterrupt):
        monitor.main(["--watch", "--function", watched.name])

    # Then each look is shown, in place on a terminal, and the end is silent
    shown = capsys.readouterr()
    assert shown.err == ""
    assert shown.out.startswith(f"{begins}{watched.name}")
    assert shown.out.count(f"{watched.name}, 60 minutes") == 2
    assert ("\x1b" in shown.out) is terminal


@pytest.mark.parametrize("rows", [12, 24, 100])
def test_a_terminal_shows_the_paragraphs_that_fit_and_says_what_the_rest_needs(
    watched: Watched, capsys: Capture, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    # Given a terminal of some height
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("LINES", str(rows))

    def sleep(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("scripts.monitor.time.sleep", sleep)

    # When somebody watches there, and presses Ctrl-C after the first look
    with pytest.raises(KeyboardInterrupt):
        monitor.main(["--watch", "--function", watched.name])
    lines = re.sub("\x1b\\[[A-Z]", "", capsys.readouterr().out).splitlines()

    # Then nothing scrolls, and no chart is cut
    assert len(lines) < rows
    assert sum(line.count("┌") for line in lines) == sum(line.count("└") for line in lines)
    assert ("CloudWatch Pricing." in lines[-1]) is (rows == 100)
    assert ("the rest needs a terminal of " in lines[-1]) is (rows < 100)


def test_a_reader_who_has_seen_enough_ends_it_without_a_traceback(watched: Watched) -> None:
    # Given a pipe whose reader has gone
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

    # Then it ends silently
    assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, "")
