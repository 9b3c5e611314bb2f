"""The tutorial's function in plain Python, without its write, which every peer does in its own way."""

import base64
import json
import logging
import random
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

FLEET = (
    {"Name": "Bucephalus", "Color": "Golden", "Gender": "Male"},
    {"Name": "Shadowfax", "Color": "White", "Gender": "Male"},
    {"Name": "Rocinante", "Color": "Yellow", "Gender": "Female"},
)

root = logging.getLogger()


def answer(
    event: dict[str, Any],
    context: Any,
    write: Callable[[dict[str, Any]], object],
    logger: logging.Logger = root,
) -> dict[str, Any]:
    """Send a unicorn, have `write` put the ride (plain values, numbers as Decimal), and answer."""
    authorizer = event["requestContext"].get("authorizer")
    if not authorizer:
        return response(500, {"Error": "Authorization not configured"})
    ride_id = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")
    rider = authorizer["claims"]["cognito:username"]
    body = json.loads(event["body"], parse_float=Decimal, parse_int=Decimal)
    unicorn = random.choice(FLEET)  # noqa: S311 - as the tutorial draws it
    try:
        write(
            {
                "RideId": ride_id,
                "User": rider,
                "Unicorn": unicorn,
                "UnicornName": unicorn["Name"],
                "RequestTime": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "PickupLocation": body["PickupLocation"],
            }
        )
    except Exception as error:
        logger.exception("ride not recorded")
        return response(500, {"Error": str(error), "Reference": context.aws_request_id})
    logger.info("ride request", extra={"ride_id": ride_id})
    return response(
        201,
        {
            "RideId": ride_id,
            "Unicorn": unicorn,
            "UnicornName": unicorn["Name"],
            "Eta": "30 seconds",
            "Rider": rider,
        },
    )


def typed(value: Any) -> dict[str, Any]:
    """Return a plain value as DynamoDB's wire format has it, which boto3's resources do by themselves."""
    if isinstance(value, dict):
        return {"M": {name: typed(member) for name, member in value.items()}}
    return {"N": str(value)} if isinstance(value, Decimal) else {"S": value}


def response(status: int, body: dict[str, Any]) -> dict[str, Any]:
    """Return what API Gateway expects of a proxy integration."""
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"},
        "body": json.dumps(body),
    }
