"""Finds the processes that run from a virtual environment."""

import os
from collections.abc import Iterator
from pathlib import Path


def processes_of(venv: Path) -> list[int]:
    """Return the ids of other processes whose Python is that of a virtual environment. Linux only; else empty."""
    python = os.path.abspath(venv / "bin")  # noqa: PTH100 - its pythons are links, and stay so
    return sorted(pid for pid, program in _programs() if program.startswith(f"{python}/"))


def _programs() -> Iterator[tuple[int, str]]:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
            folder = (process / "cwd").readlink()
        except OSError:
            # It has ended, or is another user's.
            continue
        if int(process.name) != os.getpid():
            yield int(process.name), os.path.normpath(folder / os.fsdecode(command[0]))
