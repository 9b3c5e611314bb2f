"""Functions of Linux for processes: children, memory, and death with the parent."""

import contextlib
import os
import shutil
import signal

# The parent may have ended before setpriv requested the signal, which then never arrives.
IF_CHILD_OF = 'test "$PPID" = "$0" && exec "$@"'


def children(pid: int) -> list[int]:
    """Return the children of a process, of all its threads; none if it has ended."""
    started: list[int] = []
    with contextlib.suppress(FileNotFoundError):
        for thread in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208 - pathlib is slow for every request
            started += map(int, _read(f"/proc/{pid}/task/{thread}/children").split())
    return started


def peak_memory_mb(pid: int) -> float:
    """Return the peak resident memory of a process, in MB (VmHWM); 0 if it has ended."""
    return _kilobytes(f"/proc/{pid}/status", b"VmHWM:") / 1024


def memory_mb(pid: int) -> float:
    """Return the current memory of a process, in MB, with its share of shared memory (PSS); 0 if it has ended."""
    return _kilobytes(f"/proc/{pid}/smaps_rollup", b"Pss:") / 1024


def _kilobytes(file: str, name: bytes) -> int:
    _, separator, rest = _read(file).partition(name)
    return int(rest.split(None, 1)[0]) if separator else 0


def _read(file: str) -> bytes:
    """Return the contents of a small file in /proc; empty if its process has ended."""
    try:
        descriptor = os.open(file, os.O_RDONLY)
    except OSError:
        return b""
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def kill_group(pid: int) -> None:
    """Kill the process group of a process, if it still exists."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def die_with_parent(signal_name: str) -> list[str]:
    """Return a prefix for a command that makes the kernel signal it when the thread that started it ends.

    So the command does not keep running even if this process is killed by kill -9. setpriv is part of util-linux, which
    all mainstream distributions have. Without it, the prefix is empty, and only an orderly exit ends the command.
    """
    setpriv = shutil.which("setpriv")
    if not setpriv:
        return []
    return [setpriv, "--pdeathsig", signal_name, "/bin/sh", "-c", IF_CHILD_OF, str(os.getpid())]
