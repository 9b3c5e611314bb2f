"""Event source mappings: what they answer, and that queues and streams invoke functions."""

import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.deployed import Client, Deploy, Deployed, zipped

# Prints what it gets; fails as the first record's body, or its new image, says.
CODE = """
import json
def handler(event, context):
    for record in event["Records"]:
        print(json.dumps(record))
    bodies = [record.get("body") for record in event["Records"]]
    if "fail" in bodies:
        raise ValueError("as you wish")
    return {"batchItemFailures": [
        {"itemIdentifier": record["messageId"]}
        for record in event["Records"] if record.get("body") == "again"
    ]}
"""
READ = ("sqs:*", "dynamodb:*")


def eventually(read: Any) -> Any:
    """Return what is read as soon as it is something."""
    deadline = time.monotonic() + 20
    while not (seen := read()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert seen
    return seen


@pytest.fixture
def reader(deploy: Deploy) -> Iterator[Deployed]:
    """Give a function whose role may read queues and streams."""
    function = deploy("probe.py", zip_file=zipped("probe.py", CODE))
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": list(READ), "Resource": "*"}],
    }
    iam = function.client("iam")
    iam.put_role_policy(
        RoleName=function.name, PolicyName="read", PolicyDocument=json.dumps(policy)
    )
    yield function.ready()
    for mapping in mappings(function):
        function.client("lambda").delete_event_source_mapping(UUID=mapping["UUID"])
    iam.delete_role_policy(RoleName=function.name, PolicyName="read")


def mappings(function: Deployed) -> list[dict[str, Any]]:
    listed = function.client("lambda").list_event_source_mappings(FunctionName=function.name)
    found: list[dict[str, Any]] = listed["EventSourceMappings"]
    return found


@pytest.fixture
def queue(client: Client) -> Iterator[tuple[str, str]]:
    """Give a queue's URL and ARN; what is not deleted can be received again after a second."""
    sqs = client("sqs")
    url = sqs.create_queue(
        QueueName=f"source-{uuid.uuid4().hex[:8]}", Attributes={"VisibilityTimeout": "3"}
    )["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    yield url, attributes["Attributes"]["QueueArn"]
    sqs.delete_queue(QueueUrl=url)


def records(function: Deployed) -> list[dict[str, Any]]:
    """Return the records that the function has printed."""
    return [json.loads(line) for line in function.logged() if line.startswith("{")]


def test_a_message_invokes_the_function_and_is_deleted(
    reader: Deployed, queue: tuple[str, str], client: Client
) -> None:
    # Given a mapping from a queue
    url, arn = queue
    made = client("lambda").create_event_source_mapping(
        FunctionName=reader.name, EventSourceArn=arn
    )

    # When a message is sent
    client("sqs").send_message(QueueUrl=url, MessageBody="hello")
    [record] = eventually(lambda: records(reader))

    # Then the function has it as AWS sends it, and the queue has it no more
    assert (made["State"], made["StateTransitionReason"], made["BatchSize"]) == (
        "Creating",
        "USER_INITIATED",
        10,
    )
    assert (record["body"], record["eventSource"], record["eventSourceARN"]) == (
        "hello",
        "aws:sqs",
        arn,
    )
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    eventually(lambda: waiting(client, url) == 0)
    [mapping] = mappings(reader)
    assert mapping["State"] == "Enabled"


def waiting(client: Client, url: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    attributes = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)
    return sum(int(attributes["Attributes"][name]) for name in names)


def test_what_a_function_fails_or_reports_is_received_again(
    reader: Deployed, queue: tuple[str, str], client: Client
) -> None:
    # Given a mapping that lets the function report single messages
    url, arn = queue
    client("lambda").create_event_source_mapping(
        FunctionName=reader.name,
        EventSourceArn=arn,
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )

    # When it reports one
    client("sqs").send_message(QueueUrl=url, MessageBody="again")

    # Then that is received again
    eventually(lambda: len(records(reader)) >= 2)
    assert waiting(client, url) == 1


def test_a_filter_keeps_messages_from_the_function(
    reader: Deployed, queue: tuple[str, str], client: Client
) -> None:
    # Given a mapping that wants rides only
    url, arn = queue
    pattern = json.dumps({"body": {"kind": ["ride"]}})
    client("lambda").create_event_source_mapping(
        FunctionName=reader.name,
        EventSourceArn=arn,
        FilterCriteria={"Filters": [{"Pattern": pattern}]},
    )

    # When a walk and a ride are sent
    for kind in ("walk", "ride"):
        client("sqs").send_message(QueueUrl=url, MessageBody=json.dumps({"kind": kind}))

    # Then the function has the ride, and the queue neither
    [record] = eventually(lambda: records(reader))
    assert json.loads(record["body"]) == {"kind": "ride"}
    eventually(lambda: waiting(client, url) == 0)


def test_a_change_of_a_table_invokes_the_function(reader: Deployed, client: Client) -> None:
    # Given a mapping from a table's stream
    dynamodb = client("dynamodb")
    table = dynamodb.create_table(
        TableName=reader.name,
        KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )["TableDescription"]
    made = client("lambda").create_event_source_mapping(
        FunctionName=reader.name,
        EventSourceArn=table["LatestStreamArn"],
        StartingPosition="TRIM_HORIZON",
    )

    # When an item is put
    dynamodb.put_item(TableName=reader.name, Item={"Id": {"S": "1"}})
    [record] = eventually(lambda: records(reader))

    # Then the function has the change
    assert (record["eventName"], record["eventSource"]) == ("INSERT", "aws:dynamodb")
    assert record["dynamodb"]["NewImage"] == {"Id": {"S": "1"}}
    assert made["StateTransitionReason"] == "User action"
    assert made["BatchSize"] == 100
    dynamodb.delete_table(TableName=reader.name)


def test_a_mapping_is_disabled_deleted_and_not_made_twice(
    reader: Deployed, queue: tuple[str, str], client: Client
) -> None:
    # Given a mapping
    service = client("lambda")
    parameters = {"FunctionName": reader.name, "EventSourceArn": queue[1]}
    number = service.create_event_source_mapping(**parameters)["UUID"]

    # When it is made again, disabled and deleted
    with pytest.raises(service.exceptions.ResourceConflictException, match=number):
        service.create_event_source_mapping(**parameters)
    disabled = service.update_event_source_mapping(UUID=number, Enabled=False)
    deleted = service.delete_event_source_mapping(UUID=number)

    # Then its state follows
    assert (disabled["State"], deleted["State"]) == ("Disabling", "Deleting")
    with pytest.raises(service.exceptions.ResourceNotFoundException):
        service.get_event_source_mapping(UUID=number)


def test_a_role_that_may_not_read_is_refused(
    deploy: Deploy, queue: tuple[str, str], client: Client
) -> None:
    # Given a function whose role may only log
    function = deploy("probe.py")

    # When a queue is to invoke it
    with pytest.raises(ClientError) as refused:
        client("lambda").create_event_source_mapping(
            FunctionName=function.name, EventSourceArn=queue[1]
        )

    # Then Lambda refuses
    assert refused.value.response["Error"] == {
        "Code": "InvalidParameterValueException",
        "Message": "The function execution role does not have permissions to call ReceiveMessage on SQS",
    }
