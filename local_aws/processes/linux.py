"""What Linux knows of processes: their children, their peak memory, and when they shall end."""

import contextlib
import os
import shutil
import signal
from pathlib import Path


def children(pid: int) -> list[int]:
    """Return the process's children, whichever of its threads started them; none if it has ended."""
    found: list[int] = []
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(child) for child in thread.read_text().split()]
    return found


def peak_memory_mb(pid: int) -> float:
    """Return the most resident memory the process has had, in MB (VmHWM); 0 if it has ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def kill_group(pid: int) -> None:
    """End the process and its whole process group, if it is still there."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def die_with_parent(signal_name: str) -> list[str]:
    """Return the words before a command that have the kernel signal it when the thread that started it ends.

    So nothing is left even if this process is killed with -9. util-linux has setpriv on every mainstream distribution;
    without it the words are none, and only an orderly end leaves nothing.
    """
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", signal_name] if setpriv else []
