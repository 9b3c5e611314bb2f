"""Parsing of the body and the idempotency key."""

import base64
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import request
from refusal import Refusal

EventOf = Callable[..., dict[str, Any]]


def body_with(latitude: str) -> str:
    """Return the tutorial's body with this text as the latitude."""
    return f'{{"PickupLocation": {{"Latitude": {latitude}, "Longitude": 180}}}}'


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "-0",
        "90",
        "-90",
        "47.0",
        "47.610",
        "0.1",
        "47.617475583566301234567890123456789012",  # 38 digits
        "9E+1",
        "1E-130",
        "-1.2345678901234567890123456789012345678E-130",
    ],
)
def test_a_number_is_kept_as_it_was_sent(event_of: EventOf, text: str) -> None:
    # Given that latitude
    event = event_of(body_with(text))

    # When it is parsed, then every digit is kept
    assert str(request.read(event).pickup.latitude) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("-0.0", "-0"),
        ("0e5", "0"),
        ("0e99999999999999999999", "0"),
        ("0e-99999999999999999999", "0"),
        ("9e1", "9E+1"),
        ("900e-1", "90.0"),
        ("47.6174755835663012345678901234567890125", "47.617475583566301234567890123456789012"),
        ("47.6174755835663012345678901234567890126", "47.617475583566301234567890123456789013"),
        ("89." + "9" * 5000, "90." + "0" * 36),
        ("1." + "0" * 5000 + "1", "1." + "0" * 37),
        ("9.99e-131", "0"),
        ("-1e-131", "-0"),
        ("-1e-99999999999999999999", "-0"),
        ("9." + "9" * 40 + "e-131", "1." + "0" * 37 + "E-130"),
    ],
    ids=lambda text: text[:50],
)
def test_a_number_that_dynamodb_cannot_store_is_rounded_and_never_refused(
    event_of: EventOf, text: str, kept: str
) -> None:
    # Given that latitude
    event = event_of(body_with(text))

    # When it is parsed, then it is the nearest number that DynamoDB can store
    assert str(request.read(event).pickup.latitude) == kept


@pytest.mark.parametrize(("characters", "read"), [(262_144, True), (262_145, False)])
@pytest.mark.parametrize("encoded", [False, True])
def test_a_body_is_accepted_up_to_its_limit(
    event_of: EventOf, characters: int, *, read: bool, encoded: bool
) -> None:
    # Given a body of that length, as sent
    body = body_with("47.6")
    if encoded:
        padded = body.encode().ljust(characters * 3 // 4)
        sent = base64.b64encode(padded).decode()
        sent = sent if read else sent + "A"
    else:
        sent = body.ljust(characters)
    event = {**event_of(sent), "isBase64Encoded": encoded}
    assert len(event["body"]) == characters

    # When it is parsed, then a longer one is refused for its length
    if read:
        assert request.read(event).pickup.latitude == Decimal("47.6")
    else:
        with pytest.raises(Refusal, match="at most 262144 characters"):
            request.read(event)


@pytest.mark.parametrize(
    "text",
    [
        *("NaN", "Infinity", "-Infinity", "true", "false", "null", '"47.6"', "[47.6]", "{}"),
        *("90.00001", "-90.00001", "91", "1e2", "1e999999999", "-1e99999999999999999999"),
        "90." + "0" * 60 + "1",  # rounded, it would be in range; as sent, it is not
        "9" * 5000,
        *("047", "+1", ".5", "1.", "0x1F", "1_0", "٤٧"),
    ],
    ids=lambda text: text[:30],
)
def test_anything_but_a_number_in_range_is_refused(event_of: EventOf, text: str) -> None:
    # Given that as the latitude
    event = event_of(body_with(text))

    # When it is parsed, then it is refused as a bad body
    with pytest.raises(Refusal) as refused:
        request.read(event)
    assert refused.value.status == 400


@pytest.mark.parametrize("longitude", ["180.1", "-181", '"5"', "null"])
def test_the_longitude_has_its_own_range(event_of: EventOf, longitude: str) -> None:
    # Given a longitude that is out of range or not a number
    event = event_of(f'{{"PickupLocation": {{"Latitude": 1, "Longitude": {longitude}}}}}')

    # When it is parsed, then the message says what to send
    with pytest.raises(Refusal, match=r"^Please send a Longitude between -180 and 180 degrees\.$"):
        request.read(event)


@pytest.mark.parametrize("latitude", ["100", "false"])
def test_the_latitude_has_its_own_range(event_of: EventOf, latitude: str) -> None:
    # Given a latitude that would be a valid longitude, or is not a number
    event = event_of(body_with(latitude))

    # When it is parsed, then the message says what to send
    with pytest.raises(Refusal, match=r"^Please send a Latitude between -90 and 90 degrees\.$"):
        request.read(event)


@pytest.mark.parametrize(
    "body",
    [
        *("", " ", "null", "[]", "{}", '"PickupLocation"', "5", "{'PickupLocation': {}}"),
        *('{"PickupLocation": null}', '{"PickupLocation": []}', '{"PickupLocation": "here"}'),
        '{"PickupLocation": {"Latitude": 1}}',
        '{"pickuplocation": {"Latitude": 1, "Longitude": 2}}',
        '{"PickupLocation": {"Latitude": 1, "Longitude": 2}',
        '{"PickupLocation": {"Latitude": 1, "Longitude": 2}} {}',
        '{"PickupLocation": {"Latitude": 1, "Longitude": 2}, "extra": NaN}',
        '\ufeff{"PickupLocation": {"Latitude": 1, "Longitude": 2}}',
        "[" * 100_000,
        '{"PickupLocation":' * 100_000,
    ],
    ids=lambda body: body[:40],
)
def test_a_body_without_a_pickup_is_refused(event_of: EventOf, body: str) -> None:
    # Given that body
    event = event_of(body)

    # When it is parsed, then it is refused as a bad body
    with pytest.raises(Refusal) as refused:
        request.read(event)
    assert refused.value.status == 400


@pytest.mark.parametrize("body", [None, {}, {"PickupLocation": {}}, 5, True, ["{}"], b"{}"])
def test_a_body_that_is_not_text_is_refused(event_of: EventOf, body: object) -> None:
    # Given that as the body, base64 or not
    event = event_of() | {"body": body}

    # When it is parsed, then it is refused as a bad body
    for encoded in (False, True):
        with pytest.raises(Refusal) as refused:
            request.read(event | {"isBase64Encoded": encoded})
        assert refused.value.status == 400


@pytest.mark.parametrize(
    "extra",
    ['"Note": "hello"', '"Note": 1e99999999999999999999', '"\\ud800": "\\udfff"', '"\udc80": []'],
)
def test_extra_members_are_allowed(event_of: EventOf, extra: str) -> None:
    # Given a body with extra members at both levels
    place = f'{{"Latitude": 1, "Longitude": 2, {extra}}}'
    event = event_of(f'{{"PickupLocation": {place}, {extra}}}')

    # When it is parsed, then the pickup is read
    assert request.read(event).pickup == request.Location(Decimal(1), Decimal(2))


def test_the_last_of_a_repeated_member_counts(event_of: EventOf) -> None:
    # Given two latitudes
    event = event_of('{"PickupLocation": {"Latitude": 99, "Latitude": 1, "Longitude": 2}}')

    # When the body is parsed, then the second counts
    assert request.read(event).pickup.latitude == 1


@pytest.mark.parametrize(
    "body",
    [
        "not base64!",
        "!" + base64.b64encode(body_with("1").encode()).decode(),
        "e30",  # without its padding
        "é",
        base64.b64encode(b'{"PickupLocation": "\xff"}').decode(),  # not UTF-8
        base64.b64encode(body_with("1").encode("utf-16")).decode(),
        body_with("1"),
    ],
)
def test_a_bad_base64_body_is_refused(event_of: EventOf, body: str) -> None:
    # Given an event that says that its body is base64
    event = event_of(body) | {"isBase64Encoded": True}

    # When it is parsed, then it is refused as a bad body
    with pytest.raises(Refusal) as refused:
        request.read(event)
    assert refused.value.status == 400


@pytest.mark.parametrize("flag", [None, "true", 1, False])
def test_a_body_is_base64_only_if_the_gateway_says_true(event_of: EventOf, flag: object) -> None:
    # Given a plain body and another value of the flag
    event = event_of(body_with("1")) | {"isBase64Encoded": flag}

    # When it is parsed, then it is not decoded
    assert request.read(event).pickup.latitude == 1


@pytest.mark.parametrize("key", ["k", "~" * 255, "!", '"8e03978e-40d5-43dd-bc93-6894a57f9324"'])
def test_a_key_of_visible_characters_is_accepted(event_of: EventOf, key: str) -> None:
    # Given that key, when it is parsed, then it is unchanged
    assert request.read(event_of(idempotency_key=key)).key == key


@pytest.mark.parametrize(
    "key", ["", " ", "a b", "a\n", "\nk", "k\x7f", "é", "k" * 256, 5, True, ["k", 5], {"k": "v"}]
)
def test_any_other_key_is_refused(event_of: EventOf, key: object) -> None:
    # Given that key
    event = event_of(idempotency_key=key)

    # When it is parsed, then the message says what a key is
    with pytest.raises(Refusal, match="1 to 255 visible ASCII characters") as refused:
        request.read(event)
    assert refused.value.status == 400


def test_without_a_key_there_is_none(tutorial_event: str) -> None:
    # Given the tutorial's event, when it is parsed, then the key is None
    assert request.read(json.loads(tutorial_event)).key is None
