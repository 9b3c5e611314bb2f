"""Runs a command so that nothing of it keeps running, even if the process that started this one is killed.

The kernel then sends this process SIGTERM (see `linux.die_with_parent`). Terraform alone would leave its provider
running. With LINGER a command outlives it by the grace period, for those that still need it to end in order.
"""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

GRACE_S = 5
# The prefix for a command to supervise, and the option in front of one that SIGTERM shall not interrupt.
SUPERVISE = (sys.executable, "-I", "-S", str(Path(__file__)))
LINGER = "--linger"


def main(command: list[str]) -> int:
    """Run the command in a process group of its own; returns its exit status."""
    lingers = command[0] == LINGER
    if lingers:
        command = command[1:]
    process = subprocess.Popen(command, process_group=0)
    interrupted = False

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        nonlocal interrupted
        interrupted = True
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)

    def end(_number: int, _frame: FrameType | None) -> None:
        # On a second interrupt Terraform exits at once, possibly without saving its state.
        if not (interrupted or lingers):
            interrupt(signal.SIGINT, None)
        signal.alarm(GRACE_S + lingers)

    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGALRM, lambda *_: _kill_group(process.pid))
    try:
        return process.wait()
    finally:
        _kill_group(process.pid)


def _kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
