"""Single key presses from a terminal, without waiting for a line."""

import contextlib
import os
import select
import sys
import time
from collections.abc import Callable, Iterator
from typing import Literal

Key = Literal["next", "back", "quit"]
ReadKey = Callable[[float], Key | None]

KEYS: dict[bytes, Key] = {
    **dict.fromkeys((b" ", b"n", b"j", b"\x1b[6~", b"\x1b[B", b"\x1bOB", b"\x1b[C", b"\x1bOC"), "next"),
    **dict.fromkeys((b"b", b"p", b"k", b"\x1b[5~", b"\x1b[A", b"\x1bOA", b"\x1b[D", b"\x1bOD"), "back"),
    **dict.fromkeys((b"q", b"Q"), "quit"),
}  # fmt: skip
LONGEST = max(map(len, KEYS))


@contextlib.contextmanager
def pressed_keys() -> Iterator[ReadKey]:
    """Yield a function that waits a number of seconds for a key on standard input; it returns None for any other key.

    The `with` block's end restores the terminal. Without a terminal the function only waits.
    """
    if not sys.stdin.isatty():
        yield _no_key
        return
    # Only here: they are not on every system, and neither is a terminal.
    import termios
    import tty

    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal)
    try:
        yield lambda seconds: _key(terminal, seconds)
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _no_key(seconds: float) -> None:
    time.sleep(seconds)


def _key(terminal: int, seconds: float) -> Key | None:
    ready, _, _ = select.select([terminal], [], [], max(0, seconds))
    return KEYS.get(os.read(terminal, LONGEST)) if ready else None
