"""Every kind of event that may reach the function gets the answer its contract says."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

EVENTS = Path(__file__).parents[2] / "events"
REFUSED = {
    "alb": 401,
    "function_url": 401,
    "http_api_access_token": 401,
    "http_api_get": 405,
    "http_api_iam": 401,
    "http_api_without_body": 400,
    "rest_api_lambda_authorizer": 401,
    "rest_api_null_body": 400,
    "rest_api_options": 405,
    "rest_api_without_authorizer": 401,
    "scheduled": 401,
    "sns": 401,
    "sqs": 401,
}

Ask = Callable[[object], dict[str, Any]]
Rides = Callable[[], list[dict[str, Any]]]


@pytest.mark.parametrize(
    "file",
    [EVENTS / "test_request_event.json", *sorted((EVENTS / "accepted").iterdir())],
    ids=lambda file: file.stem,
)
def test_a_gateway_event_gets_a_ride(ask: Ask, rides: Rides, file: Path) -> None:
    # Given an event in a shape API Gateway sends
    event = json.loads(file.read_text())

    # When it is sent
    answer = ask(event)

    # Then the ride is the same for every shape
    assert answer["statusCode"] == 201
    (item,) = rides()
    assert item["User"] == json.loads(answer["body"])["Rider"] == "the_username"
    assert str(item["PickupLocation"]["Latitude"]) == "47.6174755835663"
    assert str(item["PickupLocation"]["Longitude"]) == "-122.28837066650185"


@pytest.mark.parametrize("file", sorted((EVENTS / "refused").iterdir()), ids=lambda file: file.stem)
def test_any_other_event_is_refused(ask: Ask, rides: Rides, file: Path) -> None:
    # Given an event that does not ask for a ride, or asks in the wrong way
    event = json.loads(file.read_text())

    # When it is sent
    answer = ask(event)

    # Then it has the status of its kind, and nothing is recorded
    assert answer["statusCode"] == REFUSED[file.stem]
    assert json.loads(answer["body"]).keys() == {"Error", "Reference"}
    assert rides() == []


@pytest.mark.parametrize("event", [{}, [], "POST /ride", "", None, True, 0, 1.5, [{}]], ids=repr)
def test_a_value_that_is_not_an_event_has_no_rider(ask: Ask, rides: Rides, event: object) -> None:
    # Given any JSON value
    # When it is sent
    answer = ask(event)

    # Then there is no rider
    assert answer["statusCode"] == 401
    assert rides() == []


@pytest.mark.parametrize("name", ["Idempotency-Key", "idempotency-key", "IDEMPOTENCY-KEY"])
@pytest.mark.parametrize("member", ["headers", "multiValueHeaders"])
def test_a_header_is_found_in_any_case_in_either_place(
    ask: Ask, rides: Rides, tutorial_event: str, member: str, name: str
) -> None:
    # Given an event whose headers are in that member only, the last of them null
    value = ["k"] if member == "multiValueHeaders" else "k"
    event = json.loads(tutorial_event) | {"headers": None}
    event |= {member: {"Accept": value, name: value, "X-Null": None}}

    # When it is sent twice
    bodies = {ask(event)["body"] for _ in range(2)}

    # Then the key is read: both are one ride
    assert len(bodies) == len(rides()) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"headers": {"Idempotency-Key": None}},
        {"multiValueHeaders": {"Idempotency-Key": []}},
        {"headers": ["Idempotency-Key"], "multiValueHeaders": "Idempotency-Key"},
    ],
    ids=repr,
)
def test_a_header_without_a_value_is_ignored(
    ask: Ask, rides: Rides, tutorial_event: str, headers: dict[str, object]
) -> None:
    # Given an event with the header but no key in it
    event = json.loads(tutorial_event) | headers

    # When it is sent twice, then each is a ride of its own
    assert [ask(event)["statusCode"] for _ in range(2)] == [201, 201]
    assert len(rides()) == 2


def test_the_last_of_a_repeated_header_counts(ask: Ask, rides: Rides, tutorial_event: str) -> None:
    # Given one event with two keys, and one with the second of them only
    event = json.loads(tutorial_event)
    twice = event | {"multiValueHeaders": {"Idempotency-Key": ["a", "b"]}}
    once = event | {"headers": {"Idempotency-Key": "b"}}

    # When both are sent, then they are one ride
    assert ask(twice)["body"] == ask(once)["body"]
    assert len(rides()) == 1
