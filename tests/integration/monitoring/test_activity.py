"""The function's recent activity, read from whatever its log and its table contain."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scripts.monitoring import activity
from scripts.monitoring.activity import LogLine, Ride
from scripts.monitoring.graphs import Window
from tests.integration.deployed import Client

NOW = datetime.now(UTC).replace(microsecond=0)
WINDOW = Window.until(NOW, 60)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@dataclass(frozen=True)
class Kept:
    """A table and a log group of one name."""

    client: Client
    name: str

    def log(self, stream: str, *lines: tuple[datetime, str]) -> None:
        logs = self.client("logs")
        logs.create_log_stream(logGroupName=self.name, logStreamName=stream)
        events = [
            {"timestamp": round(at.timestamp() * 1000), "message": text} for at, text in lines
        ]
        logs.put_log_events(logGroupName=self.name, logStreamName=stream, logEvents=events)

    def last_lines(self) -> tuple[LogLine, ...]:
        return activity.last_lines(self.client("logs"), self.name, WINDOW)

    def rides(self, *messages: str) -> tuple[Ride, ...]:
        lines = tuple(LogLine(NOW, message) for message in messages)
        return activity.last_rides(self.client("dynamodb"), self.name, lines)


@pytest.fixture
def kept(client: Client) -> Iterator[Kept]:
    """Give a table and a log group, both empty."""
    made = Kept(client, f"Kept-{uuid.uuid4().hex[:8]}")
    client("dynamodb").create_table(
        TableName=made.name,
        KeySchema=[{"AttributeName": "RideId", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "RideId", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    client("logs").create_log_group(logGroupName=made.name)
    yield made
    client("dynamodb").delete_table(TableName=made.name)
    client("logs").delete_log_group(logGroupName=made.name)


@pytest.mark.parametrize(
    "message",
    [
        '{"outcome":"created"}',
        '{"outcome":"created","ride_id":5}',
        '{"outcome":"created","ride_id":""}',
        '{"outcome":"created","ride_id":["a"]}',
        '{"outcome":"created","ride_id":null}',
    ],
)
def test_a_logged_ride_that_has_no_id_is_none(kept: Kept, message: str) -> None:
    # Given a line that is like a ride's, when the last rides are read, then it is not among them
    assert kept.rides(message) == ()


def test_an_item_without_some_of_a_ride_is_shown_without_it(kept: Kept) -> None:
    # Given an item by another hand, whose time is a number
    item: Any = {"RideId": {"S": "R"}, "RequestTime": {"N": "5"}}
    kept.client("dynamodb").put_item(TableName=kept.name, Item=item)

    # When it is among the last rides, then what it lacks is empty
    assert kept.rides('{"outcome":"created","ride_id":"R"}') == (Ride("R", "", ""),)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None
)
@given(
    fields=st.dictionaries(
        st.sampled_from(["outcome", "ride_id", "type", "record"]), JSON | st.just("created")
    )
)
def test_nothing_that_is_logged_ends_it(kept: Kept, fields: dict[str, Any]) -> None:
    # Given a line with our fields and any values
    message = json.dumps(fields)

    # When rides and bytes are read from it, then there is a result
    assert kept.rides(message) == ()
    assert activity.bytes_per_request((LogLine(NOW, message),)) >= 0


def test_the_end_of_the_log_is_that_of_all_streams_whatever_they_say_of_themselves(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given more streams than lines that are shown, the newest line in the one made first
    monkeypatch.setattr(activity, "NEWEST_LINES", 3)
    for number in range(10):
        kept.log(f"stream {number}", (NOW - timedelta(minutes=number + 5), f"line {number}"))
    kept.log("old and new", (NOW - timedelta(hours=2), "old"), (NOW - timedelta(seconds=1), "new"))

    # When the end is read
    lines = kept.last_lines()

    # Then it is the newest lines, the oldest first
    assert [line.message for line in lines] == ["line 1", "line 0", "new"]


def test_a_function_that_was_quiet_for_hours_shows_how_its_log_ends(kept: Kept) -> None:
    # Given a line of hours ago, and one that is too old
    kept.log("one", (NOW - timedelta(hours=20), "last"))
    kept.log("two", (NOW - timedelta(days=3), "older"))

    # When the end is read by somebody who looks at the last hour
    lines = kept.last_lines()

    # Then it is the first of them
    assert [line.message for line in lines] == ["last"]


def test_each_line_is_read_once(kept: Kept) -> None:
    # Given lines at the very times between which the search goes back step by step
    times = [WINDOW.end - timedelta(seconds=15 * (2**n - 1)) for n in range(1, 6)]
    kept.log("one", *((at, f"{at}") for at in sorted(times)))

    # When the end is read, then each is there once
    lines = kept.last_lines()
    assert [line.time for line in lines] == sorted(times)
