"""Event source mappings: what they answer, what is refused, and that they invoke functions."""

import json
from typing import Any

from tests.integration.fidelity.case import (
    ARN,
    CONFLICT,
    INVALID,
    MISSING,
    MODEL,
    RECORDED,
    VALIDATION,
    Case,
    Source,
    guide,
    refusal,
    report,
)
from tests.integration.fidelity.lab import Lab, status

QUEUE = "arn:aws:sqs:us-east-1:123456789012:QUEUE"
PRINTS = (
    "import json",
    "def handler(event, context):",
    "    for record in event['Records']: print(json.dumps(record))",
)


def reader(lab: Lab) -> str:
    """Make a function whose role may read queues and streams."""
    return lab.function(*PRINTS, Role=lab.role("sqs:*", "dynamodb:*", "logs:*"))


def mapped(lab: Lab, name: str, arn: str, **parameters: Any) -> dict[str, Any]:
    made = lab.call(
        "create_event_source_mapping", FunctionName=name, EventSourceArn=arn, **parameters
    )
    lab.afterwards(_unmap, lab=lab, uuid=made["UUID"])
    return made


def _unmap(lab: Lab, uuid: str) -> None:
    lab.refusal("delete_event_source_mapping", UUID=uuid)


def made(lab: Lab) -> object:
    _, arn = lab.queue()
    answered = mapped(lab, reader(lab), arn)
    kept = ("State", "StateTransitionReason", "BatchSize", "FunctionArn", "EventSourceArn")
    return [status(answered), *(answered[name] for name in kept)]


def enabled(lab: Lab) -> object:
    _, arn = lab.queue()
    uuid = mapped(lab, reader(lab), arn)["UUID"]

    def state() -> Any:
        read = lab.call("get_event_source_mapping", UUID=uuid)["State"]
        return read if read == "Enabled" else None

    return lab.eventually(state)


def message(lab: Lab) -> object:
    url, arn = lab.queue()
    name = reader(lab)
    mapped(lab, name, arn)
    lab.client("sqs").send_message(QueueUrl=url, MessageBody="hello")

    def record() -> Any:
        return [json.loads(line) for line in lab.logged(name) if line.startswith("{")]

    seen = lab.eventually(record)[0]
    return {key: seen[key] for key in ("body", "eventSource", "eventSourceARN", "awsRegion")}


def twice(lab: Lab) -> object:
    _, arn = lab.queue()
    name = reader(lab)
    mapped(lab, name, arn)
    return lab.refusal("create_event_source_mapping", FunctionName=name, EventSourceArn=arn)


def changed(lab: Lab) -> object:
    _, arn = lab.queue()
    uuid = mapped(lab, reader(lab), arn)["UUID"]
    disabled = lab.call("update_event_source_mapping", UUID=uuid, Enabled=False)
    deleted = lab.call("delete_event_source_mapping", UUID=uuid)
    return [status(disabled), disabled["State"], status(deleted), deleted["State"]]


def refused_mapping(
    behaviour: str, aws: str, asked: str, source: Source = RECORDED, **parameters: Any
) -> Case:
    """Return the case of a mapping of a queue that is not made, by a role that may read it."""

    def ask(lab: Lab) -> object:
        _, arn = lab.queue()
        given = {"FunctionName": reader(lab), "EventSourceArn": arn, **parameters}
        return lab.refusal("create_event_source_mapping", **given)

    return Case(behaviour, f"create_event_source_mapping({asked})", aws, ask, source)


def not_of_a_stream(of_table: str) -> Any:
    """Return what asks for a mapping of a table with a stream by this in place of the stream's ARN."""

    def ask(lab: Lab) -> object:
        table = lab.client("dynamodb").create_table(
            TableName=lab.name("TABLE"),
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )["TableDescription"]
        lab.afterwards(lab.client("dynamodb").delete_table, TableName=table["TableName"])
        return lab.refusal(
            "create_event_source_mapping",
            FunctionName=reader(lab),
            EventSourceArn=table["TableArn"] + of_table,
            StartingPosition="LATEST",
        )

    return ask


def refused_filters(lab: Lab) -> object:
    _, arn = lab.queue()
    name = reader(lab)
    return sorted(
        {
            lab.refusal(
                "create_event_source_mapping",
                FunctionName=name,
                EventSourceArn=arn,
                FilterCriteria={"Filters": [{"Pattern": json.dumps({"body": {"a": [rule]}})}]},
            )
            for rule in ({"begins": "x"}, {"exists": "yes"}, {"numeric": ["~", 1]}, {"prefix": 1})
        }
    )


def may_not_read(lab: Lab) -> object:
    _, arn = lab.queue()
    return lab.refusal("create_event_source_mapping", EventSourceArn=arn)


def longer_than_visible(lab: Lab) -> object:
    _, arn = lab.queue()
    name = reader(lab)
    lab.update(name, Timeout=60)
    return lab.refusal("create_event_source_mapping", FunctionName=name, EventSourceArn=arn)


CASES = (
    Case(
        "A mapping is made with 202, and is Creating",
        "create_event_source_mapping of a queue",
        [202, "Creating", "USER_INITIATED", 10, f"{ARN}NAME", QUEUE],
        made,
    ),
    Case("A mapping becomes Enabled", "get_event_source_mapping", "Enabled", enabled),
    Case(
        "A message of the queue invokes the function",
        "send_message",
        {
            "body": "hello",
            "eventSource": "aws:sqs",
            "eventSourceARN": QUEUE,
            "awsRegion": "us-east-1",
        },
        message,
    ),
    Case(
        "A mapping is not made twice",
        "create_event_source_mapping twice",
        f'409 {CONFLICT}: An event source mapping with SQS arn (" {QUEUE} ") and function (" NAME ") '
        "already exists. Please update or delete the existing mapping with UUID UUID",
        twice,
    ),
    Case(
        "A mapping is disabled and deleted with 202",
        "update_event_source_mapping(Enabled=False), delete_event_source_mapping",
        [202, "Disabling", 202, "Deleting"],
        changed,
    ),
    Case(
        "A role that may not read the queue is refused",
        "create_event_source_mapping by a role that may log",
        f"400 {INVALID}: The function execution role does not have permissions to call ReceiveMessage on SQS",
        may_not_read,
    ),
    Case(
        "A function must not take longer than a message is invisible",
        "create_event_source_mapping of a function with Timeout=60",
        f"400 {INVALID}: Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds",
        longer_than_visible,
    ),
    refused_mapping(
        "A queue has no starting position",
        f"400 {INVALID}: StartingPosition is not valid for SQS event sources.",
        "StartingPosition='LATEST'",
        StartingPosition="LATEST",
    ),
    refused_mapping(
        "A batch of more than 10 needs a window",
        f"400 {INVALID}: Maximum batch window in seconds must be greater than 0 if maximum batch size is "
        "greater than 10",
        "BatchSize=11",
        BatchSize=11,
    ),
    refused_mapping(
        "A batch has at most 10,000 records",
        f"400 {VALIDATION}: 1 validation error detected: Value '10001' at 'batchSize' failed to satisfy "
        "constraint: Member must have value less than or equal to 10000",
        "BatchSize=10001",
        BatchSize=10001,
    ),
    refused_mapping(
        "A queue of another region is refused",
        f"400 {INVALID}: Event source region must match Lambda region us-east-1.",
        "EventSourceArn of a queue in eu-west-1",
        report("pmuens/serverless-kinesis-streams#1", "2016-12"),
        EventSourceArn=QUEUE.replace("us-east-1", "eu-west-1"),
    ),
    refused_mapping(
        "A queue has no queues of a broker",
        f"400 {INVALID}: Unsupported Queues parameter for given event source mapping type.",
        "Queues=['rides']",
        MODEL,
        Queues=["rides"],
    ),
    Case(
        "A table is no event source, its stream is",
        "create_event_source_mapping(EventSourceArn of a table)",
        f"400 {INVALID}: Unrecognized event source.",
        not_of_a_stream(""),
        MODEL,
    ),
    Case(
        "A stream that the table has not is refused",
        "create_event_source_mapping(EventSourceArn of another stream of the table)",
        f"400 {INVALID}: Stream not found: …/stream/2020-01-01T00:00:00.000",
        not_of_a_stream("/stream/2020-01-01T00:00:00.000"),
        MODEL,
    ),
    Case(
        "A filter with an unknown comparison is refused",
        "create_event_source_mapping(FilterCriteria with begins, exists 'yes', numeric ~, prefix 1)",
        [f"400 {INVALID}: Invalid filter pattern definition."],
        refused_filters,
        guide("Control which events Lambda sends to your function"),
    ),
    refused_mapping(
        "An unknown function is not mapped",
        f"400 {INVALID}: Function does not exist",
        "FunctionName='no'",
        FunctionName="no",
    ),
    refusal(
        "An unknown mapping is not found",
        f"404 {MISSING}: The resource you requested does not exist.",
        "get_event_source_mapping",
        UUID="11111111-2222-3333-4444-555555555555",
    ),
)
