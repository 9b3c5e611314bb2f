#!/usr/bin/env python3
"""Runs a command and sees to it that nothing of it is left, not even if whoever started this was killed.

The kernel sends this process SIGTERM then (see local_aws.processes.die_with_parent). Terraform alone, told so, would
leave its provider running.
"""

import contextlib
import os
import signal
import subprocess
import sys
from types import FrameType

GRACE_S = 5


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
        if not interrupted:  # told twice, Terraform forgets what it is doing
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
