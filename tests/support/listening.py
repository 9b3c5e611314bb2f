"""Which addresses a process and those below it listen on, as Linux shows it in /proc."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

LISTEN = "0A"  # its state in /proc/PID/net/tcp


def listening_below(pid: int) -> set[tuple[str, int]]:
    """Return the address and port of each TCP socket that a process and its descendants listen on."""
    return {address for one in _tree(pid) for address in _listening(one)}


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            below = children.read_text().split()
        except OSError:
            continue
        for child in below:
            yield from _tree(int(child))


def _listening(pid: int) -> Iterator[tuple[str, int]]:
    inodes = set()
    for descriptor in Path(f"/proc/{pid}/fd").glob("*"):
        try:
            inodes.add(os.readlink(descriptor).removeprefix("socket:[").removesuffix("]"))  # noqa: PTH115 - not a path
        except OSError:
            continue
    # Each process sees the table of its own network namespace.
    for table, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        try:
            _, *rows = Path(f"/proc/{pid}/net/{table}").read_text().splitlines()
        except OSError:
            continue
        for row in rows:
            _, local, _, state, *rest = row.split()
            if state == LISTEN and rest[5] in inodes:
                host, port = local.split(":")
                yield socket.inet_ntop(family, _in_network_order(host)), int(port, 16)


def _in_network_order(host: str) -> bytes:
    """The kernel prints each 32 bits of an address as a number of this machine's."""
    words = (int(host[at : at + 8], 16).to_bytes(4, "little") for at in range(0, len(host), 8))
    return b"".join(words)
