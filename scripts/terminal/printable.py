"""Text that comes from data, made fit for a terminal."""


def printable(text: str) -> str:
    """Return the text on one line, with a replacement character for each that is not printable."""
    return "".join(
        char if char.isprintable() else "\N{REPLACEMENT CHARACTER}"
        for char in " ".join(text.split())
    )
