"""The function's contract, for one request and a table that works."""

import base64
import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

FLEET = {
    "Bucephalus": {"Name": "Bucephalus", "Color": "Golden", "Gender": "Male"},
    "Shadowfax": {"Name": "Shadowfax", "Color": "White", "Gender": "Male"},
    "Rocinante": {"Name": "Rocinante", "Color": "Yellow", "Gender": "Female"},
}

Ask = Callable[[object], dict[str, Any]]
EventOf = Callable[..., dict[str, Any]]
Rides = Callable[[], list[dict[str, Any]]]
ColdStart = Callable[..., AbstractContextManager[ModuleType]]


def test_the_answer_is_as_the_contract_says(ask: Ask, rides: Rides, event_of: EventOf) -> None:
    # Given a rider whose name is not ASCII
    event = event_of(rider="Zoë 🦄")

    # When they ask for a ride
    answer = ask(event)

    # Then the answer has these members in this order, compact and in raw UTF-8
    body = json.loads(answer["body"])
    name = body["UnicornName"]
    assert answer == {
        "statusCode": 201,
        "headers": {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"},
        "body": (
            f'{{"RideId":"{body["RideId"]}","Unicorn":{{"Name":"{name}",'
            f'"Color":"{FLEET[name]["Color"]}","Gender":"{FLEET[name]["Gender"]}"}},'
            f'"UnicornName":"{name}","Eta":"30 seconds","Rider":"Zoë 🦄"}}'
        ),
    }
    assert re.fullmatch("[A-Za-z0-9_-]{22}", body["RideId"])
    assert len(base64.urlsafe_b64decode(body["RideId"] + "==")) == 16


def test_the_record_is_as_the_contract_says(ask: Ask, rides: Rides, event_of: EventOf) -> None:
    # Given the tutorial's event
    event = event_of()

    # When it is sent
    body = json.loads(ask(event)["body"])

    # Then the table holds that ride, with these attributes and no more
    (item,) = rides()
    assert item == {
        "RideId": body["RideId"],
        "User": "the_username",
        "Unicorn": FLEET[body["UnicornName"]],
        "UnicornName": body["UnicornName"],
        "RequestTime": item["RequestTime"],
        "PickupLocation": {
            "Latitude": Decimal("47.6174755835663"),
            "Longitude": Decimal("-122.28837066650185"),
        },
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", item["RequestTime"])


def test_each_request_without_a_key_is_a_ride_of_its_own(
    ask: Ask, rides: Rides, event_of: EventOf
) -> None:
    # Given a rider who asks three times
    answers = [ask(event_of()) for _ in range(3)]

    # When the rides are listed
    recorded = {item["RideId"] for item in rides()}

    # Then there are three
    assert recorded == {json.loads(answer["body"])["RideId"] for answer in answers}
    assert len(recorded) == 3


@pytest.mark.parametrize(
    "rider",
    ["a", "rider@example.com", " padded ", "名前", "a\nb", "\x00", '"', "x" * 128, "🦄" * 128],
)
def test_any_text_that_is_not_blank_is_a_rider(
    ask: Ask, rides: Rides, event_of: EventOf, rider: str
) -> None:
    # Given that rider
    event = event_of(rider=rider)

    # When they ask for a ride
    answer = ask(event)

    # Then the name is unchanged in the answer and the record
    assert json.loads(answer["body"])["Rider"] == rider
    assert [item["User"] for item in rides()] == [rider]


@pytest.mark.parametrize(
    "rider",
    [
        *(None, "", " ", "\t\n\u2003", 7, True, ["the_username"], {"name": "x"}, "\ud800"),
        *("x" * 129, "x" * 128 + " ", "x" * 410_000),
    ],
    ids=lambda rider: repr(rider)[:20],
)
def test_nothing_else_is_a_rider(ask: Ask, rides: Rides, event_of: EventOf, rider: object) -> None:
    # Given that in the claim, a bad body and a bad key
    event = event_of(rider=rider, body="{", idempotency_key="")

    # When a ride is requested
    answer = ask(event)

    # Then the missing rider is what is reported, and nothing is recorded
    assert answer["statusCode"] == 401
    assert rides() == []


@pytest.mark.parametrize("claims", [None, [], "the_username", {"username": "the_username"}])
def test_claims_without_a_username_are_refused(ask: Ask, event_of: EventOf, claims: object) -> None:
    # Given claims without a "cognito:username"
    event = event_of()
    event["requestContext"]["authorizer"] = {"claims": claims, "jwt": {"claims": claims}}

    # When a ride is requested, then there is no rider
    assert ask(event)["statusCode"] == 401


@pytest.mark.parametrize(
    "method", ["GET", "put", "OPTIONS", "POSTER", "po\u017ft", "", 5, ["POST"]]
)
@pytest.mark.parametrize("version", [1, 2])
def test_another_method_is_refused_before_the_rest_is_checked(
    ask: Ask, rides: Rides, version: int, method: object
) -> None:
    # Given an event of that version with the method, and no rider
    context = {"http": {"method": method}}
    event = {"httpMethod": method} if version == 1 else {"requestContext": context}

    # When it is sent
    answer = ask(event)

    # Then the answer has the allowed method
    assert answer["statusCode"] == 405
    assert answer["headers"]["Allow"] == "POST"
    assert rides() == []


@pytest.mark.parametrize("method", ["POST", "post", "Post", None])
def test_post_in_any_case_or_no_method_at_all_is_served(
    ask: Ask, event_of: EventOf, method: str | None
) -> None:
    # Given an event with that method
    event = event_of() | {"httpMethod": method}

    # When it is sent, then it gets a ride
    assert ask(event)["statusCode"] == 201


def test_the_answer_of_a_refusal_is_as_the_contract_says(ask: Ask, event_of: EventOf) -> None:
    # Given a body that is not JSON
    event = event_of(body="not JSON")

    # When it is sent
    answer = ask(event)

    # Then the answer is a message and a reference to the log line
    assert answer == {
        "statusCode": 400,
        "headers": {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"},
        "body": (
            '{"Error":"Please send your PickupLocation in a JSON object.",'
            '"Reference":"c6af9ac6-7b61-11e6-9a41-93e8deadbeef"}'
        ),
    }


@pytest.fixture
def events_of_every_status(event_of: EventOf) -> list[dict[str, Any]]:
    """Events that are answered 201, 400, 401, 405 and 422."""
    other = '{"PickupLocation":{"Latitude":1,"Longitude":2}}'
    return [
        event_of(idempotency_key="k"),
        event_of(body=""),
        event_of(rider=None),
        event_of() | {"httpMethod": "GET"},
        event_of(idempotency_key="k", body=other),
    ]


def test_every_answer_allows_the_origin_that_is_configured(
    ask: Ask,
    rides: Rides,
    events_of_every_status: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given the origin of a web site
    monkeypatch.setenv("ALLOW_ORIGIN", "https://rides.example.com")

    # When requests of every kind come from it
    answers = [ask(event) for event in events_of_every_status]
    monkeypatch.delenv("RIDES_TABLE")
    answers.append(ask(events_of_every_status[0]))

    # Then each answer allows that site to read it, and is JSON
    assert [answer["statusCode"] for answer in answers] == [201, 400, 401, 405, 422, 500]
    for answer in answers:
        assert answer["headers"]["Access-Control-Allow-Origin"] == "https://rides.example.com"
        assert answer["headers"]["Content-Type"] == "application/json"
        assert json.loads(answer["body"])


@pytest.mark.parametrize("name", [None, "", "no such table", "Horses"])
def test_a_table_that_is_not_configured_or_does_not_exist_is_a_500(
    ask: Ask, event_of: EventOf, monkeypatch: pytest.MonkeyPatch, name: str | None
) -> None:
    # Given a function without the name of an existing table
    if name is None:
        monkeypatch.delenv("RIDES_TABLE")
    else:
        monkeypatch.setenv("RIDES_TABLE", name)

    # When a rider asks
    answer = ask(event_of())

    # Then they do not see why, and are not asked to retry in a second
    assert answer["statusCode"] == 500
    assert json.loads(answer["body"]) == {
        "Error": "Something went wrong on our side. Please try again later.",
        "Reference": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
    }
    assert "Retry-After" not in answer["headers"]


def test_an_invalid_fleet_is_a_500_and_records_nothing(
    cold_start: ColdStart,
    lambda_context: Callable[[float], Any],
    rides: Rides,
    event_of: EventOf,
) -> None:
    # Given a function whose FLEET is cut off
    with cold_start(FLEET='[{"Name": "Bucephalus"') as module:
        # When a rider asks
        answer = module.handler(event_of(), lambda_context(10))

    # Then the import succeeded, and the handler answers
    assert answer["statusCode"] == 500
    assert rides() == []
