"""Tables on a local AWS, for functions to write to while only the functions are measured."""

from benchmarks.local_clients import local_client

RIDES, IDEMPOTENCY = "Rides", "Idempotency"


def make_tables(endpoint: str) -> None:
    """Create the tables that the functions write to."""
    for name, key in ((RIDES, "RideId"), (IDEMPOTENCY, "id")):
        local_client("dynamodb", endpoint).create_table(
            TableName=name,
            KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )


def count_rides(endpoint: str) -> int:
    """Count the rides that are recorded."""
    pages = local_client("dynamodb", endpoint).get_paginator("scan")
    return sum(page["Count"] for page in pages.paginate(TableName=RIDES, Select="COUNT"))
