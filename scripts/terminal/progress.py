"""Shows progress on stderr: which step is running, for how long, and how it ended."""

import contextlib
import sys
import threading
import time
from collections.abc import Iterator

from scripts.terminal.colour import GREEN, RED, can_redraw, has_colour, paint

TICK_S = 0.1
# Without a terminal nothing can be redrawn; a long step prints a line now and then.
HEARTBEAT_S = 10


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Show `title` and the elapsed time while the block runs, then how it ended; an exception passes through."""
    begun = time.monotonic()
    done = threading.Event()
    ticker = threading.Thread(target=_tick, args=(title, begun, done), daemon=True)
    ticker.start()
    mark = "✗"
    try:
        yield
        mark = "✓"
    finally:
        done.set()
        ticker.join()
        _line(f"{_coloured(mark)} {title} {_seconds(begun)}", final=True)


def _tick(title: str, begun: float, done: threading.Event) -> None:
    terminal = can_redraw(sys.stderr)
    while not done.wait(TICK_S if terminal else HEARTBEAT_S):
        _line(f"… {title} {_seconds(begun)}", final=not terminal)


def _line(text: str, *, final: bool) -> None:
    terminal = can_redraw(sys.stderr)
    start = "\r\033[K" if terminal else ""
    end = "\n" if final or not terminal else ""
    print(f"{start}{text}", end=end, file=sys.stderr, flush=True)


def _coloured(mark: str) -> str:
    return paint(mark, GREEN if mark == "✓" else RED, colour=has_colour(sys.stderr))


def _seconds(begun: float) -> str:
    return f"({time.monotonic() - begun:.1f} s)"
