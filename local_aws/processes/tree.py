"""Commands that end together with all their descendants, by the process `keeper`."""

import contextlib
import json
import os
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KEEPER = Path(__file__).with_name("keeper.py")
# A killed process disappears at once, unless it is busy in the kernel.
END_LIMIT_S = 5
LONGEST_ANSWER = 4096
# The variable with the number of the log's descriptor, which AWS's runtime client reads.
LOG_VARIABLE = "_LAMBDA_TELEMETRY_LOG_FD"
NO_ANSWER = {"error": "the process that starts commands has ended; start the local AWS again"}


class CommandStartError(OSError):
    """The command could not be started; the message is the operating system's."""


@dataclass(frozen=True)
class ProcessTree:
    """A running command with its descendants.

    `keeper` is the process that adopts orphans. `output` and `log` are non-blocking descriptors, of what they print and
    of what they write to the descriptor in LOG_VARIABLE.
    """

    pid: int
    keeper: int
    output: int
    log: int
    _lifeline: socket.socket

    @property
    def ended(self) -> bool:
        """Whether the command and all its descendants have ended."""
        return self._ended_within(0)

    def end(self) -> None:
        """Kill the command and all its descendants. Thread-safe, also while another thread reads `output`."""
        self._lifeline.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Kill them, wait until they have ended, and close `output` and `log`."""
        self.end()
        self._ended_within(END_LIMIT_S)
        self._lifeline.close()
        os.close(self.output)
        os.close(self.log)

    def _ended_within(self, seconds: float) -> bool:
        closed, _, _ = select.select([self._lifeline], [], [], seconds)
        return bool(closed)


class Keepers:
    """Starts commands that end when this process does, however it ends."""

    def __init__(self) -> None:
        self._closed = False
        self._launching = threading.Lock()
        self._launch()

    def start(self, command: Sequence[str], cwd: Path, env: Mapping[str, str]) -> ProcessTree:
        """Start a command in a folder, with `env` and LOG_VARIABLE as its environment. Thread-safe.

        Raises CommandStartError.
        """
        request = {"args": list(command), "cwd": str(cwd), "env": dict(env)}
        request["log_variable"] = LOG_VARIABLE
        (output, printed), (log, logged) = _pipe(), _pipe()
        with open(printed, "wb"), open(logged, "wb"):  # noqa: PTH123 - descriptors are no paths
            lifeline, answer = self._ask(json.dumps(request).encode(), printed, logged)
        if lifeline and "pid" in answer:
            return ProcessTree(answer["pid"], answer["keeper"], output, log, lifeline)
        if lifeline:
            lifeline.close()
        os.close(output)
        os.close(log)
        raise CommandStartError(answer["error"])

    def close(self) -> None:
        """Stop the process that starts commands; none can be started afterwards."""
        self._closed = True
        self._control.close()
        self._process.wait()

    def _launch(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(KEEPER), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def _ask(
        self, request: bytes, *descriptors: int
    ) -> tuple[socket.socket | None, dict[str, Any]]:
        """Send a request; returns the lifeline and the answer. If the process was killed, launches another."""
        control = self._control
        for _ in range(2):
            lifeline, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with contextlib.suppress(OSError), theirs:
                socket.send_fds(control, [request], [theirs.fileno(), *descriptors])
            with contextlib.suppress(OSError):
                if answer := lifeline.recv(LONGEST_ANSWER):
                    return lifeline, json.loads(answer)
            lifeline.close()
            control = self._relaunched(control)
        return None, NO_ANSWER

    def _relaunched(self, control: socket.socket) -> socket.socket:
        with self._launching:
            if control is self._control and not self._closed:
                control.close()
                self._process.kill()
                self._process.wait()
                self._launch()
            return self._control


def _pipe() -> tuple[int, int]:
    """Return the read end of a new pipe, which does not block, and the write end."""
    read, write = os.pipe()
    os.set_blocking(read, False)
    return read, write
