"""The tutorial's function with Powertools for AWS Lambda: its Logger, its validation, its idempotency."""

import os
from typing import Any

import boto3
import tutorial
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent,
)
from aws_lambda_powertools.utilities.jmespath_utils import envelopes
from aws_lambda_powertools.utilities.validation import SchemaValidationError, validate

logger = Logger(service="rides")
rides = boto3.resource("dynamodb").Table(os.environ["RIDES_TABLE"])
answered = DynamoDBPersistenceLayer(table_name=os.environ["IDEMPOTENCY_TABLE"])
# The key is the rider's to send: without one, as in the tutorial's event, nothing is stored or looked up.
by_key = IdempotencyConfig(event_key_jmespath='headers."Idempotency-Key"')

BODY = {
    "type": "object",
    "required": ["PickupLocation"],
    "properties": {
        "PickupLocation": {
            "type": "object",
            "required": ["Latitude", "Longitude"],
            "properties": {
                "Latitude": {"type": "number", "minimum": -90, "maximum": 90},
                "Longitude": {"type": "number", "minimum": -180, "maximum": 180},
            },
        }
    },
}


@logger.inject_lambda_context  # type: ignore[untyped-decorator] # Powertools is not installed where mypy runs
@idempotent(config=by_key, persistence_store=answered)  # type: ignore[untyped-decorator] # as above
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request for a ride."""
    try:
        validate(event=event, schema=BODY, envelope=envelopes.API_GATEWAY_REST)
    except SchemaValidationError as error:
        return tutorial.response(400, {"Error": str(error)})
    return tutorial.answer(event, context, lambda ride: rides.put_item(Item=ride), logger)
