"""Event source mappings: what they answer, and that queues and streams invoke functions."""

import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.deployed import Client, Deploy, Deployed, zipped

# Prints what it gets; fails if a message or the key of an item says so, and reports those that say "again" or "later".
CODE = """
import json
def handler(event, context):
    for record in event["Records"]:
        print(json.dumps(record))
    named = {
        record.get("messageId") or record["dynamodb"]["SequenceNumber"]:
        record.get("body") or record["dynamodb"]["Keys"]["Id"]["S"]
        for record in event["Records"]
    }
    if {"fail", "bad"} & set(named.values()):
        raise ValueError("as you wish")
    return {"batchItemFailures": [
        {"itemIdentifier": number} for number, name in named.items() if name in ("again", "later")
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
    client("sqs").send_message(
        QueueUrl=url,
        MessageBody="hello",
        MessageAttributes={"bytes": {"DataType": "Binary", "BinaryValue": b"\xff"}},
    )
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
    assert record["messageAttributes"]["bytes"]["binaryValue"] == "/w=="
    assert len(record["md5OfMessageAttributes"]) == 32
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


def test_a_change_of_a_table_invokes_the_function(
    reader: Deployed, changing: str, client: Client
) -> None:
    # Given a mapping from a table's stream
    made = client("lambda").create_event_source_mapping(
        FunctionName=reader.name, EventSourceArn=changing, StartingPosition="TRIM_HORIZON"
    )

    # When an item is put
    client("dynamodb").put_item(
        TableName=reader.name, Item={"Id": {"S": "1"}, "Bytes": {"B": b"\xff"}}
    )
    [record] = eventually(lambda: records(reader))

    # Then the function has the change
    assert (record["eventName"], record["eventSource"]) == ("INSERT", "aws:dynamodb")
    assert record["eventVersion"] == "1.1"
    assert record["dynamodb"]["NewImage"] == {"Id": {"S": "1"}, "Bytes": {"B": "/w=="}}
    assert made["StateTransitionReason"] == "User action"
    assert made["BatchSize"] == 100


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


@pytest.fixture
def changing(reader: Deployed, client: Client) -> Iterator[str]:
    """Give the ARN of the stream of a table that has the reader's name."""
    dynamodb = client("dynamodb")
    table = dynamodb.create_table(
        TableName=reader.name,
        KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )["TableDescription"]
    yield table["LatestStreamArn"]
    dynamodb.delete_table(TableName=reader.name)


def put(client: Client, table: str, *items: str) -> None:
    for item in items:
        client("dynamodb").put_item(TableName=table, Item={"Id": {"S": item}})


def received(client: Client, url: str) -> list[dict[str, Any]]:
    answer = client("sqs").receive_message(QueueUrl=url)
    return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


def test_a_batch_that_fails_is_split_and_what_still_fails_goes_to_the_destination(
    reader: Deployed, changing: str, queue: tuple[str, str], client: Client
) -> None:
    # Given changes of a table of which the function fails at one, and a destination for it
    put(client, reader.name, "a", "bad", "c")
    client("lambda").create_event_source_mapping(
        FunctionName=reader.name,
        EventSourceArn=changing,
        StartingPosition="TRIM_HORIZON",
        BisectBatchOnFunctionError=True,
        MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": queue[1]}},
    )

    # When they are read
    [record] = eventually(lambda: received(client, queue[0]))

    # Then the destination has that one alone, and the function has the others
    assert record["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == 1
    assert record["responseContext"] == {
        "statusCode": 200,
        "executedVersion": "$LATEST",
        "functionError": "Unhandled",
    }
    info = record["DDBStreamBatchInfo"]
    assert (info["batchSize"], info["streamArn"]) == (1, changing)
    assert info["startSequenceNumber"] == info["endSequenceNumber"]
    eventually(lambda: mappings(reader)[0]["LastProcessingResult"] == "OK")
    assert [r for r in records(reader) if r["dynamodb"]["Keys"]["Id"]["S"] == "c"]


def test_a_stream_goes_on_from_the_first_record_that_the_function_reports(
    reader: Deployed, changing: str, client: Client
) -> None:
    # Given a mapping that lets the function report single records
    put(client, reader.name, "a", "later", "c")
    client("lambda").create_event_source_mapping(
        FunctionName=reader.name,
        EventSourceArn=changing,
        StartingPosition="TRIM_HORIZON",
        FunctionResponseTypes=["ReportBatchItemFailures"],
        MaximumRetryAttempts=1,
    )

    # When it reports the second of three
    eventually(lambda: len(records(reader)) >= 5)

    # Then that and the third are read again, and not the first
    ids = [record["dynamodb"]["Keys"]["Id"]["S"] for record in records(reader)]
    assert ids == ["a", "later", "c", "later", "c"]


def test_changes_of_different_items_are_read_side_by_side(
    reader: Deployed, changing: str, client: Client
) -> None:
    # Given a mapping with a parallelization factor, and an item that the function always fails at
    put(client, reader.name, "bad", *(str(number) for number in range(20)))
    client("lambda").create_event_source_mapping(
        FunctionName=reader.name,
        EventSourceArn=changing,
        StartingPosition="TRIM_HORIZON",
        ParallelizationFactor=10,
        BatchSize=1,
    )

    # When the changes are read
    # Then others than it get through
    eventually(lambda: len({r["dynamodb"]["SequenceNumber"] for r in records(reader)}) > 8)


def test_messages_are_gathered_for_as_long_as_the_batching_window(
    reader: Deployed, queue: tuple[str, str], client: Client
) -> None:
    # Given a mapping with a batching window
    url, arn = queue
    made = client("lambda").create_event_source_mapping(
        FunctionName=reader.name,
        EventSourceArn=arn,
        BatchSize=20,
        MaximumBatchingWindowInSeconds=2,
    )
    eventually(lambda: mappings(reader)[0]["State"] == "Enabled")

    # When two messages are sent, one after the other is received
    client("sqs").send_message(QueueUrl=url, MessageBody="one")
    eventually(
        lambda: (
            client("sqs").get_queue_attributes(
                QueueUrl=url, AttributeNames=["ApproximateNumberOfMessagesNotVisible"]
            )["Attributes"]["ApproximateNumberOfMessagesNotVisible"]
            == "1"
        )
    )
    client("sqs").send_message(QueueUrl=url, MessageBody="two")

    # Then the function has both in one event
    eventually(lambda: len(records(reader)) == 2)
    assert made["MaximumBatchingWindowInSeconds"] == 2
    assert len([line for line in reader.logged() if line.startswith("START")]) == 1


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("BisectBatchOnFunctionError", True),
        ("MaximumRetryAttempts", 1),
        ("ParallelizationFactor", 2),
        (
            "DestinationConfig",
            {"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:123456789012:q"}},
        ),
    ],
)
def test_what_only_streams_have_is_refused_for_a_queue(
    reader: Deployed, queue: tuple[str, str], client: Client, parameter: str, value: object
) -> None:
    # Given a queue
    # When a mapping from it asks for what only streams have
    with pytest.raises(ClientError) as refused:
        client("lambda").create_event_source_mapping(
            FunctionName=reader.name, EventSourceArn=queue[1], **{parameter: value}
        )

    # Then Lambda refuses
    assert refused.value.response["Error"] == {
        "Code": "InvalidParameterValueException",
        "Message": f"Unsupported {parameter} parameter for given event source mapping type.",
    }


@pytest.mark.parametrize(
    ("parameter", "value", "message"),
    [
        (
            "MaximumRecordAgeInSeconds",
            59,
            "MaximumRecordAgeInSeconds must be -1 or at least 60, not 59.",
        ),
        (
            "FilterCriteria",
            {"Filters": [{"Pattern": '{"eventName": ["INSERT"]}'}] * 6},
            "A mapping has at most 5 filters, and these are 6.",
        ),
    ],
)
def test_what_is_past_a_quota_is_refused(
    reader: Deployed, changing: str, client: Client, parameter: str, value: object, message: str
) -> None:
    # Given the stream of a table
    # When a mapping from it is to have more than Lambda lets it
    with pytest.raises(ClientError) as refused:
        client("lambda").create_event_source_mapping(
            FunctionName=reader.name,
            EventSourceArn=changing,
            StartingPosition="LATEST",
            **{parameter: value},
        )

    # Then Lambda refuses
    assert refused.value.response["Error"]["Message"] == message
