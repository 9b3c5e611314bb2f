"""The DynamoDB that functions write to when only they are measured: a local AWS with their tables."""

from benchmarks.local_clients import local_client

RIDES, IDEMPOTENCY = "Rides", "Idempotency"


def make_tables(endpoint: str) -> None:
    """Make the tables that the functions write to."""
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
