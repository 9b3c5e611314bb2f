"""A terminal of some size, in which a test runs a command and presses keys."""

import contextlib
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Sequence
from pathlib import Path

from local_aws.processes.linux import die_with_parent

PATIENCE_S = 60


class Terminal:
    """A command in a terminal; use it as a context manager, which ends the command and closes the terminal."""

    def __init__(
        self, command: Sequence[str], cwd: Path, rows: int = 24, columns: int = 80, **variables: str
    ) -> None:
        self._ours, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        # LINES and COLUMNS would come before the terminal's own size.
        kept = {
            name: value for name, value in os.environ.items() if name not in ("LINES", "COLUMNS")
        }
        self.process = subprocess.Popen(
            [*die_with_parent("TERM"), *command],
            cwd=cwd,
            env={**kept, "TERM": "xterm-256color", **variables},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )  # fmt: skip
        self._theirs = theirs
        self.output = b""

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._ours)
        os.close(self._theirs)

    @property
    def modes(self) -> list[object]:
        """How the terminal treats what is typed: as `stty -a` shows it."""
        return list(termios.tcgetattr(self._theirs))

    def press(self, keys: bytes) -> None:
        os.write(self._ours, keys)

    def interrupt(self) -> None:
        """Do as Ctrl-C does: interrupt the command and all that it runs in this terminal."""
        os.killpg(self.process.pid, signal.SIGINT)

    def wait_for(self, pattern: bytes) -> bytes:
        """Wait until what is shown from now on matches; returns what was shown until then."""
        begin, until = len(self.output), time.monotonic() + PATIENCE_S
        while not re.search(pattern, self.output[begin:]):
            assert time.monotonic() < until, self.output
            ended = self.process.poll() is not None
            self._read(0.05)
            assert not ended or re.search(pattern, self.output[begin:]), self.output
        return self.output[begin:]

    def wait(self) -> int:
        """Wait for the command's end; returns its exit status."""
        until = time.monotonic() + PATIENCE_S
        while self.process.poll() is None:
            assert time.monotonic() < until, self.output
            self._read(0.05)
        self._read(0)
        return self.process.returncode

    def _read(self, seconds: float) -> None:
        with contextlib.suppress(OSError):
            while select.select([self._ours], [], [], seconds)[0]:
                self.output += os.read(self._ours, 65536)
                seconds = 0
