"""Makes text from data safe for a terminal: nothing in it can move the cursor, or reorder or hide text."""

import re

# They join letters, and do nothing else: Persian and Indic names and some emoji need them.
JOINERS = "\u200c\u200d"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_NOT_ASCII = re.compile(r"[^ -~]")


def printable(text: str) -> str:
    """Return the text on one line, with a replacement character for each that is not printable.

    Those are what Unicode calls controls (C0, C1), format characters (bidirectional ones first of all), line and
    paragraph separators, surrogates, and private and unassigned code points. A tab becomes spaces.
    """
    spaced = text.expandtabs().replace("\N{NO-BREAK SPACE}", " ")
    return "".join(char if _is_printable(char) else REPLACEMENT for char in spaced)


def printable_line(text: str) -> str:
    """Return the text as `printable` does, with each run of white space and line breaks replaced by one space."""
    return printable(" ".join(text.split()))


def printable_lines(text: str) -> str:
    """Return a text with `printable` applied to each line; only a line feed ends a line."""
    return "\n".join(printable(line.removesuffix("\r")) for line in text.split("\n"))


def printable_json(text: str, encoding: str = "utf-8") -> str:
    """Return equivalent JSON text, with each character escaped that is not printable or not in the encoding."""

    def escaped(match: "re.Match[str]") -> str:
        char = match[0]
        if char == "\n" or (_is_printable(char) and _is_in(encoding, char)):
            return char
        units = char.encode("utf-16-be", "surrogatepass")
        return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))

    return _NOT_ASCII.sub(escaped, text)


def _is_in(encoding: str, char: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _is_printable(char: str) -> bool:
    return char.isprintable() or char in JOINERS
