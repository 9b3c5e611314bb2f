"""Steps say what is done, how long it took and how it ended."""

import re
import sys
import time
from unittest.mock import Mock

import pytest

from scripts.terminal import progress
from scripts.terminal.colour import has_colour


def test_a_step_is_shown_with_its_time(capsys: pytest.CaptureFixture[str]) -> None:
    # Given no terminal
    # When a step succeeds
    with progress.step("Build"):
        pass

    # Then one plain line says so, on stderr
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(r"✓ Build \(\d+\.\d s\)\n", err)


def test_a_failed_step_is_marked_and_its_error_passed_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Given a step that fails
    # When it runs
    with pytest.raises(RuntimeError), progress.step("Build"):
        raise RuntimeError

    # Then it is marked
    assert re.fullmatch(r"✗ Build \(\d+\.\d s\)\n", capsys.readouterr().err)


def test_a_long_step_says_that_it_is_alive(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given no terminal and a short heartbeat
    monkeypatch.setattr(progress, "HEARTBEAT_S", 0.01)

    # When a step takes longer
    with progress.step("Build"):
        time.sleep(0.05)

    # Then it is shown in between, on lines of its own
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("… Build (")
    assert "\r" not in "".join(lines)


def test_no_colour_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a terminal
    terminal = Mock(isatty=lambda: True)
    monkeypatch.setenv("TERM", "xterm")

    # When NO_COLOR is set, or not
    monkeypatch.delenv("NO_COLOR", raising=False)
    with_colour = has_colour(terminal)
    monkeypatch.setenv("NO_COLOR", "1")
    without = has_colour(terminal)

    # Then colour is used, or not
    assert (with_colour, without) == (True, False)


@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_a_terminal_without_escape_codes_gets_plain_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], term: str
) -> None:
    # Given a terminal that says it knows none
    monkeypatch.setenv("TERM", term)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    # When a step is shown there
    with progress.step("Build"):
        time.sleep(0.15)

    # Then it is one line, without colour, and nothing is drawn over
    assert re.fullmatch(r"✓ Build \(\d+\.\d s\)\n", capsys.readouterr().err)
    assert not has_colour(sys.stderr)
