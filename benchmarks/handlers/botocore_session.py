"""The tutorial's function with plain botocore: the SDK's smallest client that can do the write."""

import os
from typing import Any

import botocore.session
import tutorial

dynamodb: Any = botocore.session.get_session().create_client("dynamodb")
TABLE = os.environ["RIDES_TABLE"]


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request for a ride."""
    return tutorial.answer(event, context, write)


def write(ride: dict[str, Any]) -> None:
    """Put the ride in the table."""
    dynamodb.put_item(TableName=TABLE, Item=tutorial.typed(ride)["M"])
