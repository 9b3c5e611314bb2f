"""Replaces characters that a terminal's encoding lacks with ASCII characters of the same width.

Registers the error handler SUBSTITUTE (see "Error Handlers" in Python's `codecs`).
"""

import codecs
import unicodedata

SUBSTITUTE = "wild_rydes_substitute"
LACKING = "┌┐└┘├┤┬┴┼─│█✓✗…·–—−÷×µ≤≥“”‘’"  # noqa: RUF001 - not by mistake
INSTEAD = "+++++++++-|#vx~.---/xu<>\"\"''"
SUBSTITUTES = dict(zip(LACKING, INSTEAD, strict=True))


def _substitute(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_in_ascii(char) for char in lacking), error.end


def _in_ascii(char: str) -> str:
    """Return a substitute: from the table, the letter without its accents, or a question mark."""
    plain = unicodedata.normalize("NFKD", char)[0]
    return SUBSTITUTES.get(char) or (plain if " " <= plain <= "~" else "?")


codecs.register_error(SUBSTITUTE, _substitute)
