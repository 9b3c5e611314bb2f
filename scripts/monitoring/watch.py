"""Shows a text that changes: on a terminal in place and page by page, otherwise one version after the other."""

import shutil
import sys
import time
from collections.abc import Callable
from typing import NoReturn

from scripts.monitoring.pages import pages
from scripts.terminal.colour import can_redraw
from scripts.terminal.keys import ReadKey, pressed_keys

REFRESH_S = 5
FROM_THE_TOP, TO_LINE_END, TO_SCREEN_END = "\x1b[H", "\x1b[K", "\x1b[J"


def watch(look: Callable[[], str]) -> int:
    """Call `look` every REFRESH_S seconds and show what it returns; returns 0 when q is pressed on a terminal."""
    if not can_redraw(sys.stdout):
        _print_repeatedly(look)
    with pressed_keys() as read_key:
        page: int | None = 0
        while page is not None:
            page = _show(look(), page, read_key)
    print()
    return 0


def _print_repeatedly(look: Callable[[], str]) -> NoReturn:
    while True:
        print(f"{look()}\n", flush=True)
        time.sleep(REFRESH_S)


def _show(text: str, page: int, read_key: ReadKey) -> int | None:
    """Show a text for REFRESH_S seconds, at first its page `page`; returns the page shown last, or None after q."""
    # The last line of the screen stays free, so that nothing scrolls; the one above it is the footer's.
    all_pages = pages(text, max(1, shutil.get_terminal_size().lines - 3))
    last = len(all_pages) - 1
    until = time.monotonic() + REFRESH_S
    while (left := until - time.monotonic()) > 0:
        page = min(max(page, 0), last)
        _draw(f"{all_pages[page]}\n\n{_footer(page, last)}")
        match read_key(left):
            case "quit":
                return None
            case "next":
                page += 1
            case "back":
                page -= 1
    return page


def _footer(page: int, last: int) -> str:
    if last == 0:
        return "q quits"
    return f"Page {page + 1} of {last + 1}: space for the next, b for the previous, q quits"


def _draw(text: str) -> None:
    lines = "\n".join(f"{line}{TO_LINE_END}" for line in text.split("\n"))
    print(f"{FROM_THE_TOP}{lines}{TO_SCREEN_END}", end="", flush=True)
