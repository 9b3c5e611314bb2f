"""A long text is cut into pages that lose nothing."""

from hypothesis import given
from hypothesis import strategies as st

from scripts.monitoring.pages import pages

LINES = st.lists(st.sampled_from(["", "a", "b c"]), max_size=40)


def test_paragraphs_stay_whole_where_they_fit() -> None:
    # Given three paragraphs of two lines
    text = "a\na\n\nb\nb\n\nc\nc"

    # When they are cut for terminals of some heights, then between paragraphs
    assert pages(text, 8) == [text]
    assert pages(text, 5) == ["a\na\n\nb\nb", "c\nc"]
    assert pages(text, 2) == ["a\na", "b\nb", "c\nc"]
    assert pages(text, 1) == ["a", "a", "b", "b", "c", "c"]


@given(LINES, st.integers(1, 50))
def test_no_page_is_higher_than_the_terminal_and_no_line_is_lost(
    lines: list[str], rows: int
) -> None:
    # Given any text
    text = "\n".join(lines)

    # When it is cut
    made = pages(text, rows)

    # Then every page fits, and all words are there in order
    assert all(page.count("\n") < rows for page in made)
    assert " ".join(made).split() == text.split()
