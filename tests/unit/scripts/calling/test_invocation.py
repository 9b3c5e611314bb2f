"""The end of a log, as LogType=Tail gives it: events in one piece, of which not every one ends in a newline."""

import pytest

from scripts.calling.invocation import _lines

REQUEST = "495b12a8-xmpl-4eca-8168-160484189f99"
REPORT = f"REPORT RequestId: {REQUEST}\tDuration: 1.00 ms\t"
PLATFORM = '{"time":"2026-01-01T00:00:00.000Z","type":"platform.report","record":{}}'


@pytest.mark.parametrize(
    ("log", "lines"),
    [
        ("", ()),
        ("\n", ("",)),
        (
            f"[ERROR] ValueError: no\n    raise error()END RequestId: {REQUEST}\n{REPORT}\n",
            ("[ERROR] ValueError: no", "    raise error()", f"END RequestId: {REQUEST}", REPORT),
        ),
        (
            f'{{"level":"ERROR"}}{PLATFORM}\n{PLATFORM}\n',
            ('{"level":"ERROR"}', PLATFORM, PLATFORM),
        ),
        ("waits for END RequestId: 1\n", ("waits for END RequestId: 1",)),
    ],
)
def test_each_event_of_lambdas_own_begins_a_line(log: str, lines: tuple[str, ...]) -> None:
    # Then
    assert _lines(log, REQUEST) == lines
