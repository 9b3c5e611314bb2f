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

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)

    def end(_number: int, _frame: FrameType | None) -> None:
        interrupt(signal.SIGINT, None)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_S)
        _kill_group(process.pid)
        os._exit(128 + signal.SIGTERM)

    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, end)
    try:
        return process.wait()
    finally:
        _kill_group(process.pid)


def _kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
