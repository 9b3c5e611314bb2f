"""A command in the foreground, and the signals that reach the process that runs it."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

# Is signalled while it waits for its command, or as that has just started.
PROGRAM = """
import os, signal, subprocess, sys
from pathlib import Path
from scripts.terraform.foreground import run_in_foreground

number, late, command = int(sys.argv[1]), sys.argv[2] == "late", sys.argv[3]

class Process(subprocess.Popen):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        while not Path("started").exists():
            pass
        if not late:
            signal.raise_signal(number)

    def wait(self, timeout=None):
        if late:
            signal.raise_signal(number)
        return super().wait(timeout)

subprocess.Popen = Process
sys.exit(run_in_foreground([sys.executable, "-c", command], Path()))
"""
COMMAND = """
import signal, sys, time
from pathlib import Path
signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
Path("started").touch()
time.sleep(60)
"""


@pytest.mark.parametrize("moment", ["early", "late"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_command_in_order(
    tmp_path: Path, number: signal.Signals, moment: str
) -> None:
    # Given a command in the foreground, whose own process is signalled
    # When it has ended
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(int(number)), moment, COMMAND],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    # Then the command was asked to end, and its status is the result
    assert (done.returncode, done.stderr) == (7, "")


def test_a_command_under_nohup_outlives_its_terminal(tmp_path: Path) -> None:
    # Given a command in the foreground, under nohup
    command = 'import time; open("started", "w"); time.sleep(0.5); raise SystemExit(3)'
    program = [sys.executable, "-c", PROGRAM, str(int(signal.SIGHUP)), "late", command]

    # When the terminal goes away
    done = subprocess.run(
        ["nohup", *program],  # noqa: S607 - wherever coreutils are
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    # Then it runs to its end
    assert (done.returncode, done.stderr) == (3, "")
