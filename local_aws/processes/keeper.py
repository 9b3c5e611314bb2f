"""Starts commands and makes sure that nothing they start outlives them. Run as `python -I -S keeper.py SOCKET`.

For each request on the socket this process forks a keeper. A keeper starts the command and, as its "child subreaper"
(prctl(2)), adopts orphaned descendants, including those in sessions of their own. It kills them all when the command
ends, or when the requester's end of the lifeline closes, even by kill -9. Only killing the keeper itself leaves any.

Forking this small process takes a millisecond; the local AWS, with its many threads, could not fork safely.
"""

import contextlib
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

PR_SET_CHILD_SUBREAPER = 36
LONGEST_REQUEST = 1 << 18
LIBC = ctypes.CDLL(None)


def main(control_fd: int) -> None:
    """Fork a keeper for each request, until the other end of the socket is closed."""
    # The exit status of keepers is not needed.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    control = socket.socket(fileno=control_fd)
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, LONGEST_REQUEST, 2)
        if not request:
            return
        if os.fork() == 0:
            try:
                control.close()
                keep(json.loads(request), *descriptors)
            finally:
                os._exit(0)
        for descriptor in descriptors:
            os.close(descriptor)


def keep(request: dict[str, Any], lifeline_fd: int, output_fd: int) -> None:
    """Run the command of one request to its end; replies with its process id, or the error if it did not start.

    `request` holds the arguments of subprocess.Popen.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    # Ctrl-C at the terminal must not reach the command.
    os.setsid()
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    lifeline = socket.socket(fileno=lifeline_fd)
    try:
        process = subprocess.Popen(
            **request, stdin=subprocess.DEVNULL, stdout=output_fd, stderr=subprocess.STDOUT
        )
    except OSError as error:
        lifeline.send(json.dumps({"error": str(error)}).encode())
        return
    os.close(output_fd)
    lifeline.send(json.dumps({"pid": process.pid}).encode())
    handle = os.pidfd_open(process.pid)
    threading.Thread(target=_kill_once_closed, args=(lifeline, handle), daemon=True).start()
    while os.wait()[0] != process.pid:
        # An adopted descendant has ended.
        continue
    _kill_descendants()


def _kill_once_closed(lifeline: socket.socket, handle: int) -> None:
    lifeline.recv(1)
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(handle, signal.SIGKILL)


def _kill_descendants() -> None:
    """Kill the children; their own children are then adopted and killed in turn."""
    with contextlib.suppress(ChildProcessError):
        while True:
            for thread in Path("/proc/self/task").glob("*/children"):
                for child in thread.read_text().split():
                    os.kill(int(child), signal.SIGKILL)
            os.wait()


if __name__ == "__main__":
    main(int(sys.argv[1]))
