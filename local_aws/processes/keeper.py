"""Starts commands, and kills everything that they leave behind. Run as `python -I -S keeper.py SOCKET`.

For each request on the socket, this process forks a keeper. The keeper starts the command and, as its "child subreaper"
(prctl(2)), adopts orphaned descendants, including those in sessions of their own. It kills all of them when the command
ends, or when the other end of the lifeline closes, which it also does if the requester is killed by kill -9. If a
keeper itself is killed, this process adopts and kills its descendants.

Forking this small process takes a millisecond; the local AWS, with its many threads, could not fork safely.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

PR_SET_CHILD_SUBREAPER = 36
LONGEST_REQUEST = 1 << 18
# Sent with each request: the lifeline, the pipe of the command's output, and the pipe of its log.
DESCRIPTORS = 3
LOWEST_LOG_FD = 100
LIBC = ctypes.CDLL(None)


def main(control_fd: int) -> None:
    """Fork a keeper for each request, until the other end of the socket is closed."""
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    control = socket.socket(fileno=control_fd)
    child_ended = _pipe_of(signal.SIGCHLD)
    keepers: set[int] = set()
    while True:
        ready, _, _ = select.select([control_fd, child_ended], [], [])
        if child_ended in ready:
            os.read(child_ended, 512)
            _kill_orphans(keepers)
        if control_fd not in ready:
            continue
        request, descriptors, _, _ = socket.recv_fds(control, LONGEST_REQUEST, DESCRIPTORS)
        if not request:
            return
        pid = os.fork()
        if pid == 0:
            try:
                control.close()
                keep(json.loads(request), *descriptors)
            finally:
                os._exit(0)
        keepers.add(pid)
        for descriptor in descriptors:
            os.close(descriptor)


def _pipe_of(number: signal.Signals) -> int:
    """Return a descriptor that becomes readable when the signal arrives."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    # Without a Python handler, the signal would not wake up `select`.
    signal.signal(number, lambda *_: None)
    return read


def _kill_orphans(keepers: set[int]) -> None:
    """Remove the keepers that have ended, and kill the orphans of a killed one; each death is a new SIGCHLD."""
    with contextlib.suppress(ChildProcessError):
        while pid := os.waitpid(-1, os.WNOHANG)[0]:
            keepers.discard(pid)
    for orphan in _children() - keepers:
        os.kill(orphan, signal.SIGKILL)


def _children() -> set[int]:
    return {
        int(child)
        for thread in Path("/proc/self/task").glob("*/children")
        for child in thread.read_text().split()
    }


def keep(request: dict[str, Any], lifeline_fd: int, output_fd: int, log_fd: int) -> None:
    """Run the command of a request to its end; sends its process id on the lifeline, or the error if it did not start.

    `request` has the arguments of subprocess.Popen, and the name of the variable with the log's descriptor.
    """
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    # Ctrl-C at the terminal must not reach the command.
    os.setsid()
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    lifeline = socket.socket(fileno=lifeline_fd)
    log_fd = _moved(log_fd)
    request["env"][request.pop("log_variable")] = str(log_fd)
    try:
        process = subprocess.Popen(
            **request,
            stdin=subprocess.DEVNULL,
            stdout=output_fd,
            stderr=subprocess.STDOUT,
            pass_fds=[log_fd],
        )
    except OSError as error:
        lifeline.send(json.dumps({"error": str(error)}).encode())
        return
    os.close(output_fd)
    os.close(log_fd)
    lifeline.send(json.dumps({"pid": process.pid, "keeper": os.getpid()}).encode())
    handle = os.pidfd_open(process.pid)
    threading.Thread(
        target=_kill_once_closed, args=(lifeline, handle), name="lifeline", daemon=True
    ).start()
    while os.wait()[0] != process.pid:
        # An adopted descendant has ended.
        continue
    _kill_descendants()


def _moved(descriptor: int) -> int:
    """Move a descriptor to a high number, which programs started in between, such as Go's, do not use themselves."""
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, LOWEST_LOG_FD)
    os.close(descriptor)
    return moved


def _kill_once_closed(lifeline: socket.socket, handle: int) -> None:
    lifeline.recv(1)
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(handle, signal.SIGKILL)


def _kill_descendants() -> None:
    """Kill the children; their own children are then adopted and killed in turn."""
    with contextlib.suppress(ChildProcessError):
        while True:
            for child in _children():
                os.kill(child, signal.SIGKILL)
            os.wait()


if __name__ == "__main__":
    main(int(sys.argv[1]))
