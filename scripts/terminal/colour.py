"""Colours for text on a terminal."""

import os
from typing import TextIO

BOLD, FAINT, RED, GREEN, YELLOW = 1, 2, 31, 32, 33


def has_colour(stream: TextIO) -> bool:
    """Whether to colour what goes to a stream: on a terminal, unless NO_COLOR (no-color.org) is set."""
    return stream.isatty() and not os.environ.get("NO_COLOR")


def paint(text: str, code: int, *, colour: bool) -> str:
    """Return the text in a colour, or as it is without `colour`."""
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text
