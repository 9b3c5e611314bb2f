"""A ride is written once per idempotency key."""

import base64
import hashlib
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import ModuleType
from typing import Any

import pytest

Ask = Callable[[object], dict[str, Any]]
EventOf = Callable[..., dict[str, Any]]
Rides = Callable[[], list[dict[str, Any]]]
ColdStart = Callable[..., AbstractContextManager[ModuleType]]


def pickup(latitude: str = "47.6", longitude: str = "-122.3") -> str:
    return f'{{"PickupLocation":{{"Latitude":{latitude},"Longitude":{longitude}}}}}'


def test_a_replay_is_answered_with_the_first_ride(
    ask: Ask, rides: Rides, event_of: EventOf
) -> None:
    # Given a ride that was requested with a key
    first = ask(event_of(idempotency_key="k"))
    (recorded,) = rides()

    # When it is requested nine more times (drawn anew, all would agree once in 3^9)
    replays = [ask(event_of(idempotency_key="k")) for _ in range(9)]

    # Then every answer equals the first, and the record is unchanged
    assert first["statusCode"] == 201
    assert replays == [first] * 9
    assert rides() == [recorded]


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (pickup("47"), pickup("47.0")),
        (pickup("1.10"), pickup("110e-2")),
        (pickup("0"), pickup("-0")),
        (pickup("0"), pickup("1e-200")),
        (pickup("47." + "1" * 40), pickup("47." + "1" * 50)),
        (pickup(), pickup()[:-1] + ',"Note":"again"}'),
    ],
)
def test_the_same_pickup_in_another_notation_is_the_same_ride(
    ask: Ask, rides: Rides, event_of: EventOf, first: str, again: str
) -> None:
    # Given a ride that was requested with a key
    answer = ask(event_of(first, idempotency_key="k"))

    # When it is requested again, with numbers that are equal once stored
    replay = ask(event_of(again, idempotency_key="k"))

    # Then it is that ride
    assert answer["statusCode"] == 201
    assert replay == answer
    assert len(rides()) == 1


@pytest.mark.parametrize(
    "other", [pickup("47.6000000000000000001"), pickup("-47.6"), pickup(longitude="122.3")]
)
def test_a_key_cannot_be_used_for_another_pickup(
    ask: Ask, rides: Rides, event_of: EventOf, other: str
) -> None:
    # Given a ride that was requested with a key
    ask(event_of(pickup(), idempotency_key="k"))
    before = rides()

    # When a ride from another place is requested with the same key
    answer = ask(event_of(other, idempotency_key="k"))

    # Then it is refused with the way to fix it, and the first ride is unchanged
    assert answer["statusCode"] == 422
    assert json.loads(answer["body"])["Error"] == (
        "Your Idempotency-Key belongs to another ride. Please send a new one."
    )
    assert rides() == before


def test_another_key_is_another_ride(ask: Ask, rides: Rides, event_of: EventOf) -> None:
    # Given keys that differ in case only
    keys = ["k", "K"]

    # When a ride is requested with each, then there are two
    assert len({ask(event_of(idempotency_key=key))["body"] for key in keys}) == 2
    assert len(rides()) == 2


@pytest.mark.parametrize(
    ("one", "another"),
    [
        (("rider", "k"), ("other", "k")),
        (("ab", "c"), ("a", "bc")),
        (("1:a", "b"), ("a", "1:b")),
        (("a:", "k"), ("a", ":k")),
        (("é", "k"), ("e\u0301", "k")),
        (("rider", "k"), ("rider ", "k")),
    ],
)
def test_two_riders_never_share_a_ride(
    ask: Ask, rides: Rides, event_of: EventOf, one: tuple[str, str], another: tuple[str, str]
) -> None:
    # Given two riders and keys that look alike when joined
    asked = [event_of(rider=rider, idempotency_key=key) for rider, key in (one, another)]

    # When both request a ride
    bodies = [json.loads(ask(event)["body"]) for event in asked]

    # Then each gets a ride of their own
    assert [each["Rider"] for each in bodies] == [one[0], another[0]]
    assert {item["RideId"]: item["User"] for item in rides()} == {
        each["RideId"]: each["Rider"] for each in bodies
    }
    assert len(rides()) == 2


def test_the_ride_id_of_a_key_is_the_same_in_every_release(ask: Ask, event_of: EventOf) -> None:
    # Given the documented derivation: 16 bytes of the SHA-256 of length, rider and key
    digest = hashlib.sha256("8:Zoë Barnk-1".encode()).digest()[:16]
    promised = base64.urlsafe_b64encode(digest).decode().rstrip("=")

    # When that rider requests a ride with that key
    answer = ask(event_of(rider="Zoë Barn", idempotency_key="k-1"))

    # Then a replay after a deployment gets the first ride
    assert json.loads(answer["body"])["RideId"] == promised


def test_a_replay_has_the_same_eta_if_the_fleet_has_homes(
    cold_start: ColdStart,
    lambda_context: Callable[[float], Any],
    rides: Rides,
    event_of: EventOf,
) -> None:
    # Given a fleet with a unicorn 10 km from the pickup, and a ride with it
    near = {"Name": "Near", "Color": "Grey", "Gender": "Male", "Latitude": 47.69, "Longitude": -122}
    far = {"Name": "Far", "Color": "Black", "Gender": "Male", "Latitude": -47, "Longitude": -122}
    event = event_of(pickup("47.6", "-122"), idempotency_key="k")
    with cold_start(FLEET=json.dumps([far, near])) as module:
        first = module.handler(event, lambda_context(10))

    # When the replay meets a fleet that has a nearer unicorn by now
    here = {"Name": "Here", "Color": "Bay", "Gender": "Male", "Latitude": 47.6, "Longitude": -122}
    with cold_start(FLEET=json.dumps([here, near])) as module:
        replay = module.handler(event, lambda_context(10))

    # Then it is still the first unicorn, with the same Eta
    assert json.loads(first["body"])["UnicornName"] == "Near"
    assert json.loads(first["body"])["Eta"] == "4 minutes"
    assert replay == first
