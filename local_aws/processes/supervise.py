"""Runs a command and ends all its processes, even if the process that started this one is killed.

The kernel then sends this process SIGTERM (see `linux.die_with_parent`). Terraform alone would leave its provider
running. With LINGER, a command keeps running for the grace period after SIGTERM, for commands that still need it.
"""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

GRACE_S = 5
# The prefix of a command to supervise, and the option before one that SIGTERM must not interrupt at once.
SUPERVISE = (sys.executable, "-I", "-S", str(Path(__file__)))
LINGER = "--linger"


class Supervisor:
    """Runs a command and passes on the signals that this process gets, also those from before the command started."""

    def __init__(self, *, lingers: bool) -> None:
        self._lingers = lingers
        self._group: int | None = None
        self._interrupted = False
        self._missed: list[signal.Signals] = []

    def run(self, command: list[str]) -> int:
        """Run the command in a process group of its own; returns its exit status."""
        signal.signal(signal.SIGINT, self._interrupt)
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGALRM, self._end_late)
        process = subprocess.Popen(command, process_group=0)
        self._group = process.pid
        for number in self._missed:
            self._signal(number)
        try:
            return process.wait()
        finally:
            self._signal(signal.SIGKILL)

    def _interrupt(self, _number: int, _frame: FrameType | None) -> None:
        self._interrupted = True
        self._signal(signal.SIGINT)

    def _end(self, number: int, frame: FrameType | None) -> None:
        # On a second interrupt Terraform exits at once, possibly without saving its state.
        if not (self._interrupted or self._lingers):
            self._interrupt(number, frame)
        signal.alarm(GRACE_S + self._lingers)

    def _end_late(self, number: int, frame: FrameType | None) -> None:
        if self._interrupted:
            self._signal(signal.SIGKILL)
        else:
            self._interrupt(number, frame)
            signal.alarm(1)

    def _signal(self, number: signal.Signals) -> None:
        if self._group is None:
            self._missed.append(number)
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._group, number)


def main(command: list[str]) -> int:
    """Supervise a command, which LINGER may precede; returns its exit status."""
    lingers = command[0] == LINGER
    return Supervisor(lingers=lingers).run(command[lingers:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
