"""Text from data cannot move the cursor, or reorder or hide other text."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.terminal.printable import printable, printable_json, printable_line, printable_lines

HARMFUL = [
    *map(chr, range(0x20)),
    *map(chr, range(0x7F, 0xA0)),
    *"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    *"\u2028\u2029\ufeff\u200b\u00ad\ud800\ue000\ufff9",
    *("\U000e0041", "\U000f0000"),
]


@pytest.mark.parametrize("char", HARMFUL, ids=lambda char: f"{ord(char):04x}")
def test_controls_of_every_kind_are_replaced(char: str) -> None:
    # Given a character that does something to a terminal, or to a line
    # When text with it is to be shown, then it is not in it, on one line or on several
    for shown in (
        printable(f"a{char}b"),
        printable_line(f"a{char}b"),
        printable_lines(f"a{char}b"),
    ):
        assert char not in shown or (char == "\n" and "\n" in shown)
        assert unicodedata.bidirectional(shown[1]) not in {"RLO", "LRO", "RLE", "LRE", "RLI", "LRI"}


@pytest.mark.parametrize(
    "text",
    [
        "Zoë 유니콘 🦄",
        "\u0645\u06cc\u200c\u062e",
        "👩\u200d🚀",
        "a  b",
        "\N{REPLACEMENT CHARACTER}",
    ],
)
def test_what_people_write_stays(text: str) -> None:
    # Given a name in some script, when it is shown, then as it is
    assert printable(text) == text


def test_a_log_line_keeps_its_indentation() -> None:
    # Given a line of a traceback, when it is shown, then its spaces are
    assert printable('  File "x"') == '  File "x"'
    assert printable("a\tb") == "a       b"


@given(st.text() | st.dictionaries(st.text(), st.text()))
def test_json_means_the_same_and_is_printable(value: object) -> None:
    # Given any value
    for encoding in ("utf-8", "euc-kr", "latin-1", "ascii"):
        # When it is shown as JSON in some encoding
        shown = printable_json(json.dumps(value, ensure_ascii=False), encoding)

        # Then a program reads the same, and a terminal can show it
        assert json.loads(shown) == value
        assert shown == printable(shown)
        shown.encode(encoding)
