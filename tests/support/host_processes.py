"""Finds a function's process on this machine by its id in the function's process namespace."""

import os
from collections.abc import Iterator
from pathlib import Path


def host_pid(inner: int, function_name: str) -> int:
    """Return this machine's id of the process that is `inner` to a function; of a function with one environment."""
    named = f"AWS_LAMBDA_FUNCTION_NAME={function_name}\0".encode()
    spaces = {_namespace(pid) for pid in _pids() if named in _read(pid, "environ")}
    own = _namespace(os.getpid())
    if spaces - {own, None}:
        spaces -= {own, None}
    (found,) = [pid for pid in _pids() if _namespace(pid) in spaces and _inner(pid) == inner]
    return found


def parent_of(pid: int) -> int:
    """Return the process's parent."""
    return int(_read(pid, "status").split(b"PPid:")[1].split()[0])


def _pids() -> Iterator[int]:
    return (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())


def _namespace(pid: int) -> str | None:
    try:
        return str(Path(f"/proc/{pid}/ns/pid").readlink())
    except OSError:
        return None


def _inner(pid: int) -> int:
    """Return the id in the innermost namespace; 0 if it has ended."""
    _, found, rest = _read(pid, "status").partition(b"NSpid:")
    return int(rest.splitlines()[0].split()[-1]) if found else 0


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""
