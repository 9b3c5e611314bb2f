"""The tutorial's function with boto3's client, which takes DynamoDB's own format."""

import os
from typing import Any

import boto3
import tutorial

dynamodb = boto3.client("dynamodb")
TABLE = os.environ["RIDES_TABLE"]


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request for a ride."""
    return tutorial.answer(event, context, write)


def write(ride: dict[str, Any]) -> None:
    """Put the ride in the table."""
    dynamodb.put_item(TableName=TABLE, Item=tutorial.typed(ride)["M"])
