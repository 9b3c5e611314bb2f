"""Other services invoke functions: a topic, a bucket, an event bus and a log group."""

import base64
import contextlib
import gzip
import json
import re
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.deployed import Client, Deploy, Deployed, letting_in, zipped

CODE = "import json\ndef handler(event, context):\n    print(json.dumps(event))\n"


@pytest.fixture
def function(deploy: Deploy) -> Deployed:
    """Give a function that prints its events."""
    return deploy("probe.py", zip_file=zipped("probe.py", CODE))


def arn_of(function: Deployed) -> str:
    answer = function.client("lambda").get_function_configuration(FunctionName=function.name)
    arn: str = answer["FunctionArn"]
    return arn


def event_of(function: Deployed) -> dict[str, Any]:
    """Wait for the event that the function has printed."""
    deadline = time.monotonic() + 20
    events: list[dict[str, Any]] = []
    while not events and time.monotonic() < deadline:
        events = [json.loads(line) for line in function.logged() if line.startswith("{")]
        time.sleep(0.05)
    return events[0]


def let_in(function: Deployed, service: str, source: str) -> None:
    """Permit a service to invoke the function."""
    function.client("lambda").add_permission(
        FunctionName=function.name,
        StatementId=service,
        Action="lambda:InvokeFunction",
        Principal=f"{service}.amazonaws.com",
        SourceArn=source,
    )


def test_a_topic_invokes_a_function(function: Deployed, client: Client) -> None:
    # Given a function that has subscribed to a topic, and lets it in
    sns = client("sns")
    topic = sns.create_topic(Name=function.name)["TopicArn"]
    let_in(function, "sns", topic)
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn_of(function))

    # When something is published
    attribute = {"DataType": "String", "StringValue": "white"}
    message_id = sns.publish(
        TopicArn=topic,
        Message="hello",
        MessageAttributes={
            "Colour": attribute,
            "Bytes": {"DataType": "Binary", "BinaryValue": b"\xff"},
        },
    )["MessageId"]

    # Then the function has it, as AWS sends it
    [record] = event_of(function)["Records"]
    sent = record["Sns"]
    assert record["EventSource"] == "aws:sns"
    assert record["EventSubscriptionArn"].startswith(f"{topic}:")
    assert (sent["Message"], sent["MessageId"], sent["TopicArn"]) == ("hello", message_id, topic)
    assert sent["Subject"] is None
    assert sent["MessageAttributes"] == {
        "Colour": {"Type": "String", "Value": "white"},
        "Bytes": {"Type": "Binary", "Value": "/w=="},
    }


def test_an_event_bus_invokes_a_function(function: Deployed, client: Client) -> None:
    # Given a rule with a function as target, whose policy lets the rule in
    events = client("events")
    rule = events.put_rule(Name=function.name, EventPattern='{"source": ["rides"]}')["RuleArn"]
    let_in(function, "events", rule)
    events.put_targets(Rule=function.name, Targets=[{"Id": "f", "Arn": arn_of(function)}])

    # When an event matches
    events.put_events(Entries=[{"Source": "rides", "DetailType": "ride", "Detail": '{"a": 1}'}])

    # Then the function has it, as AWS sends it
    event = event_of(function)
    assert event["detail"] == {"a": 1}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", event["time"])
    assert set(event) == {
        *("version", "id", "detail-type", "source", "account", "time", "region", "resources"),
        "detail",
    }


@pytest.fixture
def bucket(function: Deployed, client: Client) -> Iterator[str]:
    """Give a bucket with the function's name, which is to be empty in the end."""
    client("s3").create_bucket(Bucket=function.name)
    yield function.name
    client("s3").delete_bucket(Bucket=function.name)


def notify(client: Client, bucket: str, function: Deployed) -> None:
    """Let a bucket notify a function of what happens below `in/`."""
    client("s3").put_bucket_notification_configuration(
        Bucket=bucket,
        NotificationConfiguration={
            "LambdaFunctionConfigurations": [
                {
                    "Id": "all",
                    "LambdaFunctionArn": arn_of(function),
                    "Events": ["s3:ObjectCreated:*"],
                    "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}]}},
                }
            ]
        },
    )


def test_a_bucket_invokes_a_function(function: Deployed, client: Client, bucket: str) -> None:
    # Given a bucket that notifies a function, which lets it in
    let_in(function, "s3", f"arn:aws:s3:::{bucket}")
    notify(client, bucket, function)

    # When an object is put
    client("s3").put_object(Bucket=bucket, Key="in/a b+c.txt", Body=b"hello")

    # Then the function has it, as AWS sends it
    [record] = event_of(function)["Records"]
    assert (record["eventSource"], record["eventName"]) == ("aws:s3", "ObjectCreated:Put")
    assert record["requestParameters"] == {"sourceIPAddress": "127.0.0.1"}
    about = record["s3"]
    assert (about["configurationId"], about["bucket"]["arn"]) == ("all", f"arn:aws:s3:::{bucket}")
    assert (about["object"]["key"], about["object"]["size"]) == ("in/a+b%2Bc.txt", 5)
    assert about["object"]["sequencer"]
    client("s3").delete_object(Bucket=bucket, Key="in/a b+c.txt")


def test_a_bucket_that_may_not_invoke_a_function_does_not_notify_it(
    function: Deployed, client: Client, bucket: str
) -> None:
    # Given a function that does not let the bucket in
    # When the bucket is to notify it
    with pytest.raises(ClientError) as refused:
        notify(client, bucket, function)

    # Then S3 refuses
    error = refused.value.response
    assert error["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert error["Error"]["Code"] == "InvalidArgument"
    assert (
        error["Error"]["Message"] == "Unable to validate the following destination configurations"
    )


def test_a_log_group_invokes_a_function(function: Deployed, client: Client) -> None:
    # Given a log group with a subscription, and a function that lets it in
    logs = client("logs")
    group = f"source-{function.name}"
    let_in(function, "logs", f"arn:aws:logs:us-east-1:123456789012:log-group:{group}:*")
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    logs.put_subscription_filter(
        logGroupName=group, filterName="all", filterPattern="", destinationArn=arn_of(function)
    )

    # When a line is logged
    now = int(time.time() * 1000)
    logs.put_log_events(
        logGroupName=group,
        logStreamName="s",
        logEvents=[{"timestamp": now, "message": "a line"}],
    )

    # Then the function has it, compressed
    data = gzip.decompress(base64.b64decode(event_of(function)["awslogs"]["data"]))
    assert json.loads(data)["logEvents"][0]["message"] == "a line"
    logs.delete_log_group(logGroupName=group)


def test_a_log_group_that_may_not_invoke_a_function_gets_no_subscription(
    function: Deployed, client: Client
) -> None:
    # Given a log group, and a function that lets in another one
    logs = client("logs")
    group = f"source-{function.name}"
    let_in(function, "logs", "arn:aws:logs:us-east-1:123456789012:log-group:another:*")
    logs.create_log_group(logGroupName=group)

    # When the function is to have its events
    with pytest.raises(logs.exceptions.InvalidParameterException) as refused:
        logs.put_subscription_filter(
            logGroupName=group, filterName="all", filterPattern="", destinationArn=arn_of(function)
        )

    # Then CloudWatch Logs refuses, as its test message does not get through
    assert refused.value.response["Error"]["Message"] == (
        "Could not execute the lambda function. Make sure you have given CloudWatch Logs "
        "permission to execute your function."
    )
    assert logs.describe_subscription_filters(logGroupName=group)["subscriptionFilters"] == []
    logs.delete_log_group(logGroupName=group)


def test_the_tagging_api_finds_and_tags_functions(function: Deployed, client: Client) -> None:
    # Given a function with a tag
    tagging = client("resourcegroupstaggingapi")
    arn = arn_of(function)
    client("lambda").tag_resource(Resource=arn, Tags={"Unicorn": function.name})

    # When it is looked for, and tagged by that service
    found = tagging.get_resources(TagFilters=[{"Key": "Unicorn", "Values": [function.name]}])
    tagging.tag_resources(ResourceARNList=[arn], Tags={"Colour": "white"})

    # Then it is found and has both
    assert [entry["ResourceARN"] for entry in found["ResourceTagMappingList"]] == [arn]
    assert client("lambda").list_tags(Resource=arn)["Tags"] == {
        "Unicorn": function.name,
        "Colour": "white",
    }


@pytest.fixture
def queue(client: Client) -> Iterator[str]:
    """Give the URL of a queue, which ends with its name."""
    sqs = client("sqs")
    url: str = sqs.create_queue(QueueName=f"source-{uuid.uuid4().hex[:8]}")["QueueUrl"]
    yield url
    sqs.delete_queue(QueueUrl=url)


def name_and_arn(queue: str) -> tuple[str, str]:
    name = queue.rpartition("/")[2]
    return name, f"arn:aws:sqs:us-east-1:123456789012:{name}"


def publish(client: Client, queue: str) -> None:
    sns, (name, arn) = client("sns"), name_and_arn(queue)
    topic = sns.create_topic(Name=name)["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    sns.publish(TopicArn=topic, Message="hello")
    sns.delete_topic(TopicArn=topic)


def put_event(client: Client, queue: str) -> None:
    events, (name, arn) = client("events"), name_and_arn(queue)
    events.put_rule(Name=name, EventPattern=json.dumps({"source": [name]}))
    events.put_targets(Rule=name, Targets=[{"Id": "q", "Arn": arn}])
    events.put_events(Entries=[{"Source": name, "DetailType": "hello", "Detail": "{}"}])
    events.remove_targets(Rule=name, Ids=["q"])
    events.delete_rule(Name=name)


def put_object(client: Client, queue: str) -> None:
    s3, (name, arn) = client("s3"), name_and_arn(queue)
    s3.create_bucket(Bucket=name)
    wanted = {"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}
    # S3 sends a test event once it is let in, and refuses before that.
    with contextlib.suppress(ClientError):
        s3.put_bucket_notification_configuration(
            Bucket=name, NotificationConfiguration={"QueueConfigurations": [wanted]}
        )
    s3.delete_bucket(Bucket=name)


@pytest.mark.parametrize(
    ("service", "send"), [("sns", publish), ("events", put_event), ("s3", put_object)]
)
def test_a_queue_takes_messages_only_of_a_service_that_it_lets_in(
    client: Client, queue: str, service: str, send: Callable[[Client, str], None]
) -> None:
    # Given a queue that nobody may send to but its own account
    sqs, (_, arn) = client("sqs"), name_and_arn(queue)

    # When a service has a message for it, before its policy lets it in and after that
    send(client, queue)
    before = sqs.receive_message(QueueUrl=queue).get("Messages", [])
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": letting_in(arn, service)})
    send(client, queue)
    after = sqs.receive_message(QueueUrl=queue).get("Messages", [])

    # Then it has one that was sent afterwards
    assert (len(before), len(after)) == (0, 1)
