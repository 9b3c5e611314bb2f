"""What a terminal can do besides showing text: colours, and redrawing lines."""

import os
from typing import TextIO

BOLD, FAINT, RED, GREEN, YELLOW = 1, 2, 31, 32, 33
# Values of TERM for terminals that do not understand escape codes, such as those of some editors.
WITHOUT_ESCAPES = ("dumb", "unknown")


def can_redraw(stream: TextIO) -> bool:
    """Whether a stream is a terminal that understands escape codes."""
    return stream.isatty() and os.environ.get("TERM") not in WITHOUT_ESCAPES


def has_colour(stream: TextIO) -> bool:
    """Whether to colour what goes to a stream: on such a terminal, unless NO_COLOR (no-color.org) is set."""
    return can_redraw(stream) and not os.environ.get("NO_COLOR")


def paint(text: str, code: int, *, colour: bool) -> str:
    """Return the text in a colour, or as it is without `colour`."""
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text
