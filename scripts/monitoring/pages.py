"""Cuts a long text into pages for a terminal."""

PARAGRAPHS = "\n\n"


def pages(text: str, rows: int) -> list[str]:
    """Cut a text into pages of at most `rows` lines: between paragraphs if they fit on a page, otherwise within."""
    pieces = [piece for paragraph in text.split(PARAGRAPHS) for piece in _cut(paragraph, rows)]
    made = [pieces[0]]
    for piece in pieces[1:]:
        joined = f"{made[-1]}{PARAGRAPHS}{piece}"
        if _lines(joined) <= rows:
            made[-1] = joined
        else:
            made.append(piece)
    return made


def _cut(paragraph: str, rows: int) -> list[str]:
    lines = paragraph.split("\n")
    return ["\n".join(lines[first : first + rows]) for first in range(0, len(lines), rows)]


def _lines(text: str) -> int:
    return text.count("\n") + 1
