"""Writes a ride to the table, once per idempotency key."""

import base64
import hashlib
import os
import random
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import botocore.exceptions as aws
from connection import open_early
from dispatch import Unicorn
from refusal import Refusal
from request import Location, RideRequest
from sdk import (
    CONNECT_TIMEOUT,
    READ_TIMEOUT,
    OutOfTime,
    at_most,
    close_idle_connections,
    dynamodb,
)

# Seconds. `write` retries while the function has time: 3 seconds are enough for two attempts, even
# if both time out.
ATTEMPT = CONNECT_TIMEOUT + READ_TIMEOUT
MARGIN = 0.3  # to answer and to log, with 128 MB
PATIENCE = 5.0  # a rider waits no longer, even if the function has more time
FIRST_PAUSE = 0.05

# Worth a retry: no answer, any 5xx, and these errors of PutItem ("Error handling with DynamoDB").
_NO_ANSWER = (aws.ConnectionError, aws.HTTPClientError, OutOfTime)
_RETRYABLE = {
    "ProvisionedThroughputExceededException",
    "ReplicatedWriteConflictException",
    "RequestLimitExceeded",
    "ThrottlingException",
    "TransactionConflictException",
}


open_early(dynamodb)


@dataclass(frozen=True)
class Ride:
    """A unicorn sent to a rider; `request_time` is in UTC, as `2026-11-22T21:36:43.107Z`."""

    ride_id: str
    rider: str
    unicorn: Unicorn
    request_time: str
    pickup: Location


@dataclass(frozen=True)
class Recorded:
    """The ride that the table holds; `replayed` if an earlier request wrote it."""

    ride: Ride
    replayed: bool


def plan(asked: RideRequest, unicorn: Unicorn) -> Ride:
    """Return the ride for this request, to be recorded unless the table already has one for it."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Ride(_ride_id(asked), asked.rider, unicorn, now, asked.pickup)


def write(ride: Ride, seconds_left: float) -> Recorded:
    """Write the ride unless the table has one with its id; return the ride that is stored.

    A failed attempt may still have written the ride: its answer was lost or late. The next attempt
    then finds the ride in the table, which is not a replay.

    Raises `Refusal`: 422 if the stored ride has another pickup, 503 if the table does not take the
    ride within PATIENCE or within `seconds_left`, the function's, less MARGIN. Raises botocore's
    error, or KeyError without RIDES_TABLE, if a retry cannot help.
    """
    close_idle_connections()
    deadline = time.monotonic() + min(PATIENCE, seconds_left - MARGIN)
    pause, failed = FIRST_PAUSE, False
    while True:
        try:
            with at_most(ATTEMPT):
                existing = _put(ride)
        except (aws.ClientError, *_NO_ANSWER) as error:
            if not _is_retryable(error):
                raise
            if time.monotonic() + pause + ATTEMPT > deadline:
                raise Refusal(
                    503, "We cannot send a unicorn right now. Please try again."
                ) from error
        else:
            if existing is None:
                return Recorded(ride, replayed=False)
            own = failed and existing.request_time == ride.request_time
            return Recorded(existing, replayed=not own)
        failed = True
        time.sleep(pause * random.random())  # noqa: S311 - jitter needs no secrecy
        pause *= 2


def _put(ride: Ride) -> Ride | None:
    """Write the ride and return None; if the table has a ride with its id, write nothing and return that."""
    try:
        dynamodb.put_item(
            TableName=os.environ["RIDES_TABLE"],
            Item=_item(ride),
            ConditionExpression="attribute_not_exists(RideId)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except dynamodb.exceptions.ConditionalCheckFailedException as error:
        existing = _ride(error.response["Item"])
        if existing.pickup != ride.pickup:
            raise Refusal(
                422, "Your Idempotency-Key belongs to another ride. Please send a new one."
            ) from None
        return existing
    return None


def _is_retryable(error: Exception) -> bool:
    if not isinstance(error, aws.ClientError):
        return True
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    return status >= 500 or error.response["Error"]["Code"] in _RETRYABLE


def _ride_id(asked: RideRequest) -> str:
    """Derive the id from rider and key, or choose a random one without a key: 16 bytes, 22 characters."""
    if asked.key is None:
        return secrets.token_urlsafe(16)
    # The length marks where the rider ends, so that different pairs never give the same text.
    pair = f"{len(asked.rider)}:{asked.rider}{asked.key}"
    digest = hashlib.sha256(pair.encode()).digest()
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def _item(ride: Ride) -> dict[str, Any]:
    return {
        "RideId": {"S": ride.ride_id},
        "User": {"S": ride.rider},
        "Unicorn": {
            "M": {
                "Name": {"S": ride.unicorn.name},
                "Color": {"S": ride.unicorn.color},
                "Gender": {"S": ride.unicorn.gender},
            }
        },
        "UnicornName": {"S": ride.unicorn.name},
        "RequestTime": {"S": ride.request_time},
        "PickupLocation": {
            "M": {
                "Latitude": {"N": str(ride.pickup.latitude)},
                "Longitude": {"N": str(ride.pickup.longitude)},
            }
        },
    }


def _ride(item: dict[str, Any]) -> Ride:
    unicorn, pickup = item["Unicorn"]["M"], item["PickupLocation"]["M"]
    return Ride(
        ride_id=item["RideId"]["S"],
        rider=item["User"]["S"],
        unicorn=Unicorn(unicorn["Name"]["S"], unicorn["Color"]["S"], unicorn["Gender"]["S"]),
        request_time=item["RequestTime"]["S"],
        pickup=Location(Decimal(pickup["Latitude"]["N"]), Decimal(pickup["Longitude"]["N"])),
    )
