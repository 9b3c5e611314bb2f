"""Runs a command in this process's terminal, as if a person had typed it."""

import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path


def run_in_foreground(command: Sequence[str], folder: Path) -> int:
    """Run a command in a folder; returns its exit status, as a shell counts it.

    Ctrl-C reaches the command too, which then stops cleanly; SIGTERM is passed on. Both wait for the command to end.
    """
    with subprocess.Popen(command, cwd=folder) as process:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        terminate = signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        try:
            status = process.wait()
        finally:
            signal.signal(signal.SIGINT, before)
            signal.signal(signal.SIGTERM, terminate)
    return status if status >= 0 else 128 - status
