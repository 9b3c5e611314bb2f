"""Runs a command in this process's terminal, as if a person had typed it."""

import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from local_aws.processes.signals import handled


def run_in_foreground(command: Sequence[str], folder: Path) -> int:
    """Run a command in a folder; returns its exit status, as a shell counts it.

    Ctrl-C reaches the command too, which then stops cleanly; SIGTERM and SIGHUP are passed on as SIGTERM. All wait for
    the command to end.
    """
    started: list[subprocess.Popen[bytes]] = []
    missed: list[int] = []

    def terminate(number: int, _frame: FrameType | None) -> None:
        if started:
            started[0].terminate()
        else:
            missed.append(number)

    handlers = {signal.SIGINT: _ignore, signal.SIGTERM: terminate, signal.SIGHUP: terminate}
    with handled(handlers), subprocess.Popen(command, cwd=folder) as process:
        started.append(process)
        if missed:
            process.terminate()
        status = process.wait()
    return status if status >= 0 else 128 - status


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Ignore a signal that the command must not: it would inherit SIG_IGN."""
