"""Process facts and controls specific to Linux: children, peak memory, death with the parent."""

import contextlib
import os
import shutil
import signal
from pathlib import Path


def children(pid: int) -> list[int]:
    """Return the process's children, started by any of its threads; empty if it has ended."""
    pids: list[int] = []
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            pids += [int(child) for child in thread.read_text().split()]
    return pids


def peak_memory_mb(pid: int) -> float:
    """Return the process's peak resident memory in MB (VmHWM); 0 if it has ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def kill_group(pid: int) -> None:
    """Kill the process and its process group, if they still exist."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def die_with_parent(signal_name: str) -> list[str]:
    """Return a command prefix with which the kernel signals the command when the thread that started it ends.

    With it, nothing is left running even if this process is killed with -9. setpriv is part of util-linux, so every
    mainstream distribution has it; without it the prefix is empty and only an orderly exit cleans up.
    """
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", signal_name] if setpriv else []
