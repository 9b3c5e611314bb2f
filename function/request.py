"""Parses an API Gateway event into a ride request."""

import base64
import json
import re
from dataclasses import dataclass
from decimal import MAX_PREC, Context, Decimal
from typing import NoReturn

from refusal import Refusal

# Characters. A body of this length, full of numbers, can be parsed in 128 MB.
BODY_LIMIT = 262_144

# Characters. User names in Cognito are not longer, so a longer one names no rider (401). Without
# this limit it could exceed the table's, 400 KB for an item, and be answered as our fault (500).
RIDER_LIMIT = 128

# Keeps JSON numbers exactly as written; without traps, one that is too large becomes infinity.
_EXACT = Context(prec=MAX_PREC, traps=[])

# DynamoDB's numbers: 38 significant digits, and 1E-130 is the smallest above 0
# ("Supported data types and naming rules in Amazon DynamoDB").
_DYNAMODB = Context(prec=38)
_SMALLEST = Decimal("1E-130")

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_VISIBLE = re.compile("[!-~]{1,255}")


@dataclass(frozen=True)
class Location:
    """A point on Earth, in degrees."""

    latitude: Decimal
    longitude: Decimal


@dataclass(frozen=True)
class RideRequest:
    """A rider, where they are, and the Idempotency-Key they sent, if any."""

    rider: str
    pickup: Location
    key: str | None


def read(event: object) -> RideRequest:
    """Parse an API Gateway proxy event in payload format 1.0 (REST API) or 2.0 (HTTP API).

    AWS documents both in "Create AWS Lambda proxy integrations for HTTP APIs in API Gateway".
    Any other value is accepted as an event without a rider.

    Raises `Refusal`: 405 for a method other than POST, 401 without a rider, 400 for a bad
    Idempotency-Key or body, in that order.
    """
    _check_method(event)
    rider = _rider(event)
    key = _idempotency_key(event)
    return RideRequest(rider, _pickup(event), key)


def _at(value: object, *path: str) -> object:
    """Return the value at a path of member names, or None if there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _check_method(event: object) -> None:
    for path in (["httpMethod"], ["requestContext", "http", "method"]):
        method = _at(event, *path)
        if method is not None and not (isinstance(method, str) and method.lower() == "post"):
            raise Refusal(405, "Please request a ride with POST.")


def _rider(event: object) -> str:
    for path in (["claims"], ["jwt", "claims"]):
        rider = _at(event, "requestContext", "authorizer", *path, "cognito:username")
        if isinstance(rider, str) and _is_user_name(rider):
            return rider
    raise Refusal(401, "Please sign in to request a ride.")


def _is_user_name(text: str) -> bool:
    # JSON can carry half a surrogate pair, which is not text and cannot be stored.
    return bool(text.strip()) and len(text) <= RIDER_LIMIT and not _LONE_SURROGATE.search(text)


def _idempotency_key(event: object) -> str | None:
    key = _header(event, "idempotency-key")
    if key is None:
        return None
    if isinstance(key, str) and _VISIBLE.fullmatch(key):
        return key
    raise Refusal(400, "Please send an Idempotency-Key of 1 to 255 visible ASCII characters.")


def _header(event: object, lowercase_name: str) -> object:
    """Return a header by its name in any case; of several values the last, as in `headers`."""
    for member in ("headers", "multiValueHeaders"):
        headers = _at(event, member)
        for name, value in headers.items() if isinstance(headers, dict) else ():
            if name.lower() == lowercase_name and value not in (None, []):
                return value[-1] if isinstance(value, list) else value
    return None


def _pickup(event: object) -> Location:
    try:
        body = json.loads(
            _body(event),
            parse_float=_EXACT.create_decimal,
            parse_int=_EXACT.create_decimal,
            parse_constant=_not_json,
        )
    except (ValueError, RecursionError):  # RecursionError: nested too deeply
        raise Refusal(400, "Please send your PickupLocation in a JSON object.") from None
    return Location(
        _degrees(_at(body, "PickupLocation", "Latitude"), "Latitude", 90),
        _degrees(_at(body, "PickupLocation", "Longitude"), "Longitude", 180),
    )


def _body(event: object) -> str:
    body = _at(event, "body")
    if not isinstance(body, str):
        raise ValueError("no body")  # noqa: TRY004 - a ValueError, as json.loads raises
    if len(body) > BODY_LIMIT:
        raise Refusal(400, f"Please send a body of at most {BODY_LIMIT} characters.")
    if _at(event, "isBase64Encoded") is True:
        return base64.b64decode(body, validate=True).decode()
    return body


def _not_json(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON, although json.loads accepts it")


def _degrees(number: object, name: str, limit: int) -> Decimal:
    """Check the range of a coordinate as sent, then round it to what DynamoDB can store."""
    if not isinstance(number, Decimal) or not -limit <= number <= limit:
        raise Refusal(400, f"Please send a {name} between -{limit} and {limit} degrees.")
    rounded = _DYNAMODB.create_decimal(number)
    return rounded if rounded.copy_abs() >= _SMALLEST else Decimal(0).copy_sign(rounded)
