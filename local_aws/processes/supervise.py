"""Runs a command so that nothing of it keeps running, even if the process that started this one is killed.

The kernel then sends this process SIGTERM (see `linux.die_with_parent`). Terraform alone would leave its provider
running.
"""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

GRACE_S = 5
# The prefix for a command to supervise.
SUPERVISE = (sys.executable, str(Path(__file__)))


def main(command: list[str]) -> int:
    """Run the command in a process group of its own; returns its exit status."""
    process = subprocess.Popen(command, process_group=0)
    interrupted = False

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        nonlocal interrupted
        interrupted = True
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)

    def end(_number: int, _frame: FrameType | None) -> None:
        # On a second interrupt Terraform exits at once, possibly without saving its state.
        if not interrupted:
            interrupt(signal.SIGINT, None)
        signal.alarm(GRACE_S)

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
