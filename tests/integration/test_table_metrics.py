"""The local CloudWatch has the write capacity that puts consume."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.deployed import Client
from tests.support.metric_queries import dimensions, window


@pytest.fixture
def table(client: Client) -> Iterator[str]:
    """Yield the name of a table with the key RideId."""
    name = f"rides-{uuid.uuid4().hex[:8]}"
    client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "RideId", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "RideId", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    yield name
    client("dynamodb").delete_table(TableName=name)


def put(client: Client, table: str, size: int, **options: Any) -> None:
    """Put an item of about this size in bytes, always under the same key."""
    item = {"RideId": {"S": "one"}, "Text": {"S": "x" * size}}
    client("dynamodb").put_item(TableName=table, Item=item, **options)


def units_consumed(client: Client, table: str) -> float:
    datapoints = client("cloudwatch").get_metric_statistics(
        Namespace="AWS/DynamoDB",
        MetricName="ConsumedWriteCapacityUnits",
        Dimensions=dimensions(TableName=table),
        Period=3600,
        Statistics=["Sum"],
        **window(),
    )["Datapoints"]
    return float(sum(datapoint["Sum"] for datapoint in datapoints))


@pytest.mark.parametrize(
    ("sizes", "units"),
    [([100], 1), ([2500], 3), ([100, 2500], 1 + 3), ([2500, 100], 3 + 3)],
    ids=["small", "larger", "grows", "shrinks"],
)
def test_a_put_consumes_one_unit_per_kilobyte_of_the_larger_of_old_and_new_item(
    client: Client, table: str, sizes: list[int], units: int
) -> None:
    # Given a table
    # When items of these sizes are put, each replacing the last
    for size in sizes:
        put(client, table, size)

    # Then they consume what DynamoDB's documentation says
    assert units_consumed(client, table) == units


def test_a_put_whose_condition_fails_still_consumes_capacity(client: Client, table: str) -> None:
    # Given a table with an item
    put(client, table, 100)

    # When a larger one is put on condition that the item does not exist
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        put(client, table, 2500, ConditionExpression="attribute_not_exists(RideId)")

    # Then the attempt counts too
    assert units_consumed(client, table) == 1 + 3


def test_a_put_without_its_key_is_refused(client: Client, table: str) -> None:
    # Given an item without the table's key
    # When it is put
    with pytest.raises(ClientError) as refusal:
        client("dynamodb").put_item(TableName=table, Item={"Text": {"S": "x"}})

    # Then the error is DynamoDB's own
    assert refusal.value.response["Error"]["Code"] == "ValidationException"
    assert "Missing the key RideId" in refusal.value.response["Error"]["Message"]


def test_an_item_that_is_too_large_is_refused(client: Client, table: str) -> None:
    # Given an item of more than 400 KB
    # When it is put
    with pytest.raises(ClientError) as refusal:
        put(client, table, 410_000)

    # Then it is refused, and consumes nothing
    assert refusal.value.response["Error"]["Code"] == "ValidationException"
    assert units_consumed(client, table) == 0
