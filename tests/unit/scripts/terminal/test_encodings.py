"""Any terminal shows what it can: no command fails because a letter is not in its encoding."""

import io
import json
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.terminal import command_line
from scripts.terminal.encodings import SUBSTITUTE

ENCODINGS = ("ascii", "latin-1", "euc-kr", "cp437", "utf-8")


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("ascii", "v Zoe +--+ |#| a~ 5 u ? x\n"),
        ("latin-1", "v Zoë +--+ |#| a~ 5 µ ? x\n"),
        ("euc-kr", "v Zoe ┌──┐ │#│ a… 5 u 유 x\n"),
        ("utf-8", "✓ Zoë ┌──┐ │█│ a… 5 µ 유 ✗\n"),
    ],
)
def test_what_an_encoding_lacks_is_replaced_by_as_much(
    monkeypatch: pytest.MonkeyPatch, encoding: str, shown: str
) -> None:
    # Given standard streams of some encoding
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in "oe")
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)

    # When a verb writes to both
    @command_line.verb("show")
    def show(_: list[str] | None) -> int:
        for stream in (sys.stdout, sys.stderr):
            print("✓ Zoë ┌──┐ │█│ a… 5 µ 유 ✗", file=stream, flush=True)
        return 0

    assert show([]) == 0

    # Then both show it
    for stream in (out, err):
        buffer: Any = stream.buffer
        assert buffer.getvalue().decode(encoding) == shown


@given(st.text(), st.sampled_from(ENCODINGS))
def test_any_text_can_be_written(text: str, encoding: str) -> None:
    # Given any text
    # When it is written in any encoding, then it is, one character for one
    assert len(text.encode(encoding, SUBSTITUTE).decode(encoding)) == len(text)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_json_loses_nothing_in_any_encoding(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    # Given a standard output of some encoding
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", out)

    # When a verb prints JSON
    command_line.print_json('{"Rider": "Zoë 유 🦄 \\udcff"}')

    # Then a program that reads it has every letter
    buffer: Any = out.buffer
    assert json.loads(buffer.getvalue().decode(encoding)) == {"Rider": "Zoë 유 🦄 \udcff"}
