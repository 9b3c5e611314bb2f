"""The ride in the table: written once, however often it is asked for."""

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
from dispatch import Unicorn
from refusal import Refusal
from request import Location, RideRequest
from sdk import CONNECT_TIMEOUT, READ_TIMEOUT, OutOfTime, at_most, dynamodb

# Seconds. `write` repeats an attempt while the function has time: in 3 seconds, two that are not
# answered fit.
ATTEMPT = CONNECT_TIMEOUT + READ_TIMEOUT
MARGIN = 0.3  # to answer and to log, in the smallest memory
PATIENCE = 5.0  # no rider waits longer, however much time the function has
FIRST_PAUSE = 0.05

# What may pass: no answer, any 5xx, and these errors of PutItem ("Error handling with DynamoDB").
_NO_ANSWER = (aws.ConnectionError, aws.HTTPClientError, OutOfTime)
_PASSING = {
    "ProvisionedThroughputExceededException",
    "ReplicatedWriteConflictException",
    "RequestLimitExceeded",
    "ThrottlingException",
    "TransactionConflictException",
}


@dataclass(frozen=True)
class Ride:
    """A unicorn sent to a rider; `request_time` is in UTC, as `2026-11-22T21:36:43.107Z`."""

    ride_id: str
    rider: str
    unicorn: Unicorn
    request_time: str
    pickup: Location


def plan(asked: RideRequest, unicorn: Unicorn) -> Ride:
    """Make the ride that would answer this request, now."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Ride(_ride_id(asked), asked.rider, unicorn, now, asked.pickup)


def write(ride: Ride, seconds_left: float) -> Ride:
    """Put the ride in the table, unless its id is there; return the ride that is there then.

    That is `ride` itself if it was put there by this call, and another object if by another.

    A failed attempt may have written the ride all the same (the answer was lost, or late). The
    next one finds that out, because it then meets the ride itself.

    Raises `Refusal`: 422 if the id stands for a ride from elsewhere, 503 if the table can't take
    the ride within PATIENCE and within `seconds_left`, the function's, less MARGIN. Raises what
    botocore raises, and KeyError without RIDES_TABLE, for faults that won't pass.
    """
    deadline = time.monotonic() + min(PATIENCE, seconds_left - MARGIN)
    pause, failed = FIRST_PAUSE, False
    while True:
        try:
            with at_most(ATTEMPT):
                there = _put(ride)
        except (aws.ClientError, *_NO_ANSWER) as error:
            if not _may_pass(error):
                raise
            if time.monotonic() + pause + ATTEMPT > deadline:
                raise Refusal(503, "No unicorn can be sent just now. Please try again.") from error
        else:
            return ride if failed and there.request_time == ride.request_time else there
        failed = True
        time.sleep(pause * random.random())  # noqa: S311 - jitter is no secret
        pause *= 2


def _put(ride: Ride) -> Ride:
    try:
        dynamodb.put_item(
            TableName=os.environ["RIDES_TABLE"],
            Item=_item(ride),
            ConditionExpression="attribute_not_exists(RideId)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except dynamodb.exceptions.ConditionalCheckFailedException as error:
        first = _ride(error.response["Item"])
        if first.pickup != ride.pickup:
            raise Refusal(
                422, "Your Idempotency-Key stands for another ride. Please send a new one."
            ) from None
        return first
    return ride


def _may_pass(error: Exception) -> bool:
    if not isinstance(error, aws.ClientError):
        return True
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    return status >= 500 or error.response["Error"]["Code"] in _PASSING


def _ride_id(asked: RideRequest) -> str:
    """Derive the id from rider and key, else draw it; 16 bytes either way, 22 characters."""
    if asked.key is None:
        return secrets.token_urlsafe(16)
    # The length says where the rider ends, so that no two pairs make one text.
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
