"""Somebody watches with scripts/monitor.py, for as long as they like, on any terminal."""

import os
import re
import signal
import subprocess
import sys
from typing import Any

import pytest

from scripts import monitor
from scripts.project.paths import ROOT
from tests.integration.watched import Watched
from tests.support.terminal import Terminal

Capture = pytest.CaptureFixture[str]
MONITOR = str(ROOT / "scripts/monitor.py")


def watch(watched: Watched, rows: int = 24, **variables: Any) -> Terminal:
    command = [sys.executable, MONITOR, "--watch", "--function", watched.name]
    return Terminal(command, ROOT, rows, **variables)


def lines(screen: bytes) -> list[str]:
    """Return a screen's lines without escape codes."""
    return re.sub(r"\x1b\[[\d;]*[A-Za-z]", "", screen.decode()).replace("\r", "").split("\n")


@pytest.mark.parametrize("rows", [12, 24])
def test_every_graph_is_on_some_page_of_a_small_terminal(watched: Watched, rows: int) -> None:
    # Given a terminal that is too small for all of it
    with watch(watched, rows, NO_COLOR="1") as terminal:
        shown = terminal.wait_for(rb"Page 1 of (\d+): space for the next")
        last = int(re.findall(rb"Page 1 of (\d+)", shown)[-1])
        screens = [shown]

        # When its reader goes from page to page
        for page in range(2, last + 1):
            terminal.press(b" ")
            screens.append(terminal.wait_for(b"Page %d of %d: " % (page, last)))

        # Then nothing scrolls, and all of it was shown
        assert all(len(lines(screen)) < rows for screen in screens)
        assert all(screen.count(b"\x1b[H") == 1 for screen in screens)
        text = b"".join(screens)
        for title in (
            "Invocations",
            "Duration (ms)",
            "Errors",
            "Rides",
            "Billed",
            "CloudWatch Pricing",
        ):
            assert title.encode() in text

        # And b goes back, and q ends it
        terminal.press(b"b")
        terminal.wait_for(b"Page %d of %d: " % (last - 1, last))
        terminal.press(b"q")
        assert terminal.wait() == 0


@pytest.mark.parametrize("end", [b"q", signal.SIGINT, signal.SIGTERM])
def test_the_terminal_is_as_before_however_it_ends(watched: Watched, end: bytes | int) -> None:
    # Given a terminal in which somebody watches
    with watch(watched) as terminal:
        before = terminal.modes
        terminal.wait_for(b"Page 1 of ")
        assert terminal.modes != before

        # When it ends, by a key or a signal
        if isinstance(end, bytes):
            terminal.press(end)
        else:
            terminal.process.send_signal(end)
        status = terminal.wait()

        # Then what is typed there next is seen and read by the line, as before
        assert status == (0 if isinstance(end, bytes) else 128 + end)
        assert terminal.modes == before
        assert b"Traceback" not in terminal.output


def test_a_dumb_terminal_gets_only_text(watched: Watched) -> None:
    # Given a terminal that knows no escape codes, as in an editor
    with watch(watched, TERM="dumb") as terminal:
        # When somebody watches there
        terminal.wait_for(b"CloudWatch Pricing")
        terminal.process.send_signal(signal.SIGINT)

        # Then all of it is shown, and no escape code
        assert terminal.wait() == 130
        assert b"\x1b" not in terminal.output
        assert b"Billed" in terminal.output


def test_faults_are_red_and_nothing_else_is(watched: Watched) -> None:
    # Given a function with an error
    # When somebody looks at its graphs in colour
    command = [sys.executable, MONITOR, "--function", watched.name]
    with Terminal(command, ROOT, TERM="xterm-256color", NO_COLOR="") as terminal:
        assert terminal.wait() == 0
        shown = terminal.output.decode()

    # Then the points of Errors are red, and no bar of rides or invocations is
    assert re.search("\x1b\\[38;5;9mo", shown)
    assert "\x1b[38;5;9m█" not in shown
    assert "\x1b[38;5;12m█" in shown


@pytest.mark.parametrize("encoding", ["euc-kr", "latin-1", "ascii"])
def test_a_terminal_of_another_encoding_shows_all_it_can(watched: Watched, encoding: str) -> None:
    # Given a terminal whose encoding lacks some of what is drawn
    command = [sys.executable, MONITOR, "--function", watched.name]
    with Terminal(command, ROOT, PYTHONIOENCODING=encoding) as terminal:
        # When somebody looks at a function there
        assert terminal.wait() == 0
        shown = terminal.output.decode(encoding).replace("\r", "")

    # Then it is as wide as elsewhere, nothing is spelled out, and nothing is missing
    plain = re.sub(r"\x1b\[[\d;]*m", "", shown)
    assert "\\u" not in plain
    assert max(map(len, plain.split("\n"))) <= 80
    assert "Invocations sum 10" in plain


def test_a_pipe_gets_one_look_after_the_other_until_ctrl_c(
    watched: Watched, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a pipe, and a person who presses Ctrl-C after the second look
    looks: list[float] = []

    def sleep(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("scripts.monitoring.watch.time.sleep", sleep)

    # When they watch
    with pytest.raises(KeyboardInterrupt):
        monitor.main(["--watch", "--function", watched.name])

    # Then each look is shown as text
    shown = capsys.readouterr()
    assert shown.err == ""
    assert shown.out.count(f"{watched.name}, 60 minutes") == 2
    assert "\x1b" not in shown.out


def test_a_reader_who_has_seen_enough_ends_it_without_a_traceback(watched: Watched) -> None:
    # Given a pipe whose reader has gone
    reading, writing = os.pipe()
    os.close(reading)

    # When the function is shown into it
    done = subprocess.run(
        [sys.executable, MONITOR, "--function", watched.name],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)

    # Then it ends silently
    assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, "")
