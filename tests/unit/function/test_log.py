"""The log line of a request: what an operator needs, and no personal data."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from types import ModuleType
from typing import Any
from unittest.mock import Mock

import pytest

Ask = Callable[[object], dict[str, Any]]
EventOf = Callable[..., dict[str, Any]]
Rides = Callable[[], list[dict[str, Any]]]
ColdStart = Callable[..., AbstractContextManager[ModuleType]]
Line = Callable[[], dict[str, Any]]

HOSTILE = 'rider@example.com\n{"level":"ERROR","message":"forged"}\r\u2028\x1b[2J'


def test_a_ride_is_one_line(ask: Ask, rides: Rides, event_of: EventOf, line: Line) -> None:
    # Given a request, when it is answered
    body = json.loads(ask(event_of())["body"])

    # Then the line has its outcome
    logged = line()
    assert logged.pop("duration_ms") >= 0
    assert logged == {
        "level": "INFO",
        "message": "ride request",
        "reference": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
        "outcome": "created",
        "status": 201,
        "ride_id": body["RideId"],
        "replayed": False,
    }


def test_the_line_has_the_duration(
    ask: Ask, started: ModuleType, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a clock that advances 1.5 seconds
    monkeypatch.setattr(started, "time", Mock(monotonic=Mock(side_effect=[2.0, 3.5])))

    # When a request is answered
    ask({})

    # Then the line has that, in milliseconds
    assert line()["duration_ms"] == 1500


def test_a_replay_is_logged_as_one(
    ask: Ask, rides: Rides, event_of: EventOf, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a ride that was requested with a key
    first = json.loads(ask(event_of(idempotency_key="k"))["body"])
    assert line()["replayed"] is False

    # When it is requested again
    ask(event_of(idempotency_key="k"))

    # Then the line says so
    logged = line()
    assert (logged["outcome"], logged["status"]) == ("created", 201)
    assert (logged["ride_id"], logged["replayed"]) == (first["RideId"], True)


def test_a_replay_in_the_same_millisecond_is_logged_as_one(
    ask: Ask,
    rides: Rides,
    event_of: EventOf,
    line: Line,
    started: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given a clock that stands still
    now = datetime(2026, 11, 22, tzinfo=UTC)
    monkeypatch.setattr(started.record, "datetime", Mock(now=Mock(return_value=now)))

    # When a ride is requested twice with a key
    replayed = []
    for _ in range(2):
        ask(event_of(idempotency_key="k"))
        replayed.append(line()["replayed"])

    # Then the second is the replay
    assert replayed == [False, True]


def test_a_refusal_is_one_line_too(ask: Ask, rides: Rides, event_of: EventOf, line: Line) -> None:
    # Given a key that is in use
    ask(event_of(idempotency_key="k"))
    line()

    # When requests are refused
    refused = {
        "bad_request": event_of(body=HOSTILE),
        "no_rider": {},
        "wrong_method": {"httpMethod": "GET"},
        "key_reused": event_of(
            '{"PickupLocation":{"Latitude":1,"Longitude":2}}', idempotency_key="k"
        ),
    }
    logged = {}
    for outcome, event in refused.items():
        ask(event)
        logged[outcome] = line()

    # Then each line has the outcome, and no cause, since nothing failed
    assert {outcome: each["outcome"] for outcome, each in logged.items()} == {
        outcome: outcome for outcome in refused
    }
    assert [each["status"] for each in logged.values()] == [400, 401, 405, 422]
    assert {each["level"] for each in logged.values()} == {"INFO"}
    assert not any("cause" in each or "stack" in each for each in logged.values())
    assert {each["replayed"] for each in logged.values()} == {False}
    assert "ride_id" in logged["key_reused"]


def test_the_cause_of_a_fault_is_only_in_the_log(
    ask: Ask, event_of: EventOf, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a function whose table does not exist
    monkeypatch.setenv("RIDES_TABLE", "Horses")

    # When a rider asks
    answer = ask(event_of())

    # Then the log has the cause, its stack trace and the reference in the answer
    logged = line()
    assert (logged["level"], logged["outcome"], logged["status"]) == ("ERROR", "fault", 500)
    assert logged["cause"].startswith("ResourceNotFoundException('An error occurred")
    assert any("record.py" in frame for frame in logged["stack"])
    assert logged["reference"] == json.loads(answer["body"])["Reference"]
    assert "ResourceNotFound" not in str(answer)


def test_a_rider_is_not_in_the_log(
    ask: Ask, event_of: EventOf, caplog: pytest.LogCaptureFixture
) -> None:
    # Given a rider whose name is an e-mail address and control characters
    # When they get a ride, and are refused one
    ask(event_of(rider=HOSTILE, idempotency_key="k"))
    ask(event_of(rider=HOSTILE, body=HOSTILE))

    # Then nothing that was logged, at any level, has their name or pickup
    logged = "".join(str(vars(record)) for record in caplog.records)
    assert "ride_id" in logged
    assert "rider@example.com" not in logged
    assert "47.617" not in logged


def test_a_variable_puts_the_rider_in_the_log(
    ask: Ask, event_of: EventOf, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given each value of LOG_RIDERS
    for value, logged in {"true": True, "": False, "false": False}.items():
        monkeypatch.setenv("LOG_RIDERS", value)

        # When a rider asks, then only "true" logs the name, in a field where a newline forges no line
        ask(event_of(rider=HOSTILE))
        fields = line()
        assert fields.get("rider") == (HOSTILE if logged else None)
        assert fields["message"] == "ride request"


def test_no_input_gets_a_newline_into_a_cause(
    ask: Ask, event_of: EventOf, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given an error whose message has a newline
    monkeypatch.setenv("RIDES_TABLE", "Horses\nERROR forged")

    # When it is logged
    ask(event_of())

    # Then it is one line
    assert len(line()["cause"].splitlines()) == 1
