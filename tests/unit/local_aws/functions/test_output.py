"""The log's pipe: lines and framed records come out whole, in order, however the bytes are cut."""

import struct

import pytest

from local_aws.functions.output import LONGEST_LINE, READY_FRAME, RuntimeOutput

TEXT = b"\xa5\x5a\x00\x03"
SECOND_US = 1_000_000


def frame(message: bytes, at_us: int = SECOND_US, kind: bytes = TEXT) -> bytes:
    return struct.pack(">4sIQ", kind, len(message), at_us) + message


def messages(output: RuntimeOutput) -> list[str]:
    return [event.message for event in output.take()[1]]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_lines_and_records_are_whole_however_they_are_read(size: int) -> None:
    # Given printed lines, one of them unfinished before a record of two lines, and an unfinished one at the end
    written = b"one\n\ntwo" + frame(b"first\nsecond\n") + b"three\n" + frame(b"fourth") + b"rest"
    output = RuntimeOutput()

    # When they are read in pieces
    for start in range(0, len(written), size):
        output.feed(written[start : start + size])
    output.finish()

    # Then each is one event
    expected = ["one\n", "\n", "two", "first\nsecond\n", "three\n", "fourth", "rest"]
    assert messages(output) == expected


def test_what_is_logged_before_the_runtime_is_ready_belongs_to_init() -> None:
    # Given output around the moment at which init ends
    output = RuntimeOutput()
    output.feed(b"during\n" + frame(b"", 42, READY_FRAME) + b"since\n")

    # When it is taken
    init, events = output.take()

    # Then it is divided there
    assert [event.message for event in init] == ["during\n"]
    assert [event.message for event in events] == ["since\n"]
    assert output.ready_ns == 42


def test_a_record_has_its_own_time_and_no_event_is_older_than_the_one_before() -> None:
    # Given two records, the second with an older time
    output = RuntimeOutput()
    output.feed(frame(b"new", 3 * SECOND_US) + frame(b"old", 2 * SECOND_US))

    # When they are taken
    # Then the order is that in which they were written
    assert [(event.time_ms, event.message) for event in output.take()[1]] == [
        (3000, "new"),
        (3000, "old"),
    ]


def test_a_line_without_an_end_goes_on_in_the_next_event() -> None:
    # Given a line longer than an event may be
    output = RuntimeOutput()
    output.feed(b"x" * LONGEST_LINE)
    output.feed(b"y\n")

    # When it is taken
    # Then nothing waits for its end
    assert messages(output) == ["x" * LONGEST_LINE, "y\n"]


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("plain", False),
        ('{"level": "warning"}', True),
        ('{"level": "CRITICAL"}', True),
        ('{"level": 50}', False),
        ('{"level"', False),
        ("[" * 100_000, False),
        ('{"a":' * 100_000, False),
    ],
)
def test_a_printed_line_is_judged_by_its_level(line: str, kept: bool) -> None:
    # Given a function that logs from WARN on
    output = RuntimeOutput("WARN")

    # When it prints a line
    output.feed(f"{line}\n".encode())

    # Then it is kept for its level alone
    assert bool(messages(output)) is kept


def test_records_were_filtered_by_the_runtime_client() -> None:
    # Given a function that logs from WARN on
    output = RuntimeOutput("WARN")

    # When its runtime client writes a record
    output.feed(frame(b"record"))

    # Then it is kept
    assert messages(output) == ["record"]
