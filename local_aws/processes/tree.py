"""Commands that run with all their descendants until they are ended; `keeper` is the process that sees to it."""

import json
import os
import select
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

KEEPER = Path(__file__).with_name("keeper.py")
# What is killed is gone at once, unless the kernel is busy with it.
END_LIMIT_S = 5
LONGEST_ANSWER = 4096
NO_ANSWER = b'{"error": "the process that starts commands has ended; start the local AWS again"}'


class CommandStartError(OSError):
    """The command could not be started; the message is the system's."""


@dataclass(frozen=True)
class ProcessTree:
    """A command that was started, and all that it starts. `output` is a descriptor of what they print, not blocking."""

    pid: int
    output: int
    _lifeline: socket.socket

    @property
    def ended(self) -> bool:
        """Whether the command and all its descendants are gone."""
        return self._gone_within(0)

    def end(self) -> None:
        """Have the command and all its descendants killed; any thread may, and another still read `output`."""
        self._lifeline.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Kill them, wait until they are gone, and close `output`."""
        self.end()
        self._gone_within(END_LIMIT_S)
        self._lifeline.close()
        os.close(self.output)

    def _gone_within(self, seconds: float) -> bool:
        closed, _, _ = select.select([self._lifeline], [], [], seconds)
        return bool(closed)


class Keepers:
    """Starts commands that end with this process, however that ends."""

    def __init__(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(KEEPER), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def start(self, command: Sequence[str], cwd: Path, env: Mapping[str, str]) -> ProcessTree:
        """Start a command in a folder, with nothing but `env` in its environment; from any thread.

        Raises CommandStartError.
        """
        request = {"args": list(command), "cwd": str(cwd), "env": dict(env)}
        lifeline, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        output, printed = os.pipe()
        os.set_blocking(output, False)
        try:
            with theirs, open(printed, "wb") as printing:  # noqa: PTH123 - a descriptor is no path
                descriptors = [theirs.fileno(), printing.fileno()]
                socket.send_fds(self._control, [json.dumps(request).encode()], descriptors)
            answer = json.loads(lifeline.recv(LONGEST_ANSWER) or NO_ANSWER)
        except OSError as error:
            answer = {"error": str(error)}
        if "error" in answer:
            lifeline.close()
            os.close(output)
            raise CommandStartError(answer["error"])
        return ProcessTree(answer["pid"], output, lifeline)

    def close(self) -> None:
        """Start nothing more."""
        self._control.close()
        self._process.wait()
