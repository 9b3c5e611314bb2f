"""Functions that invoke themselves, through whatever service: "Lambda recursive loop detection" stops them."""

import json
import time
import uuid
from collections.abc import Callable, Iterator

import pytest

from tests.integration.deployed import Client, Deploy, Deployed, zipped

# Does what invokes it once more, with the next number.
CODE = """
import boto3, json
def handler(event, context):
    record = event["Records"][0] if "Records" in event else None
    if record is None:
        number = event["round"]
    elif "s3" in record:
        number = record["s3"]["object"]["key"]
    else:
        number = record.get("body") or record["Sns"]["Message"]
    number = int(number)
    print(f"round {number}")
    again(str(number + 1), context)

def again(number, context):
    %s
"""
TO_ITSELF = (
    'boto3.client("lambda").invoke(FunctionName=context.function_name, InvocationType="Event", '
    'Payload=json.dumps({"round": int(number)}))'
)
TO_QUEUE = 'boto3.client("sqs").send_message(QueueUrl=%r, MessageBody=number)'
TO_BUCKET = 'boto3.client("s3").put_object(Bucket=%r, Key=number)'
TO_TOPIC = 'boto3.client("sns").publish(TopicArn=%r, Message=number)'
# "approximately 16 times"
SIXTEEN = {f"round {number}" for number in range(1, 17)}

Looping = Callable[[str], Deployed]


@pytest.fixture
def looping(deploy: Deploy) -> Iterator[Looping]:
    """Give a maker of a function that goes on in this way, and may."""
    made: list[Deployed] = []

    def make(way: str) -> Deployed:
        function = deploy("probe.py", zip_file=zipped("probe.py", CODE % way), Timeout=20)
        made.append(function)
        allowed = {
            "Effect": "Allow",
            "Action": ["s3:*", "sqs:*", "sns:*", "lambda:*"],
            "Resource": "*",
        }
        function.client("iam").put_role_policy(
            RoleName=function.name,
            PolicyName="more",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allowed]}),
        )
        function.client("lambda").put_function_event_invoke_config(
            FunctionName=function.name, MaximumRetryAttempts=0
        )
        return function

    yield make
    for function in made:
        # A loop that nobody stops must not outlive its test.
        function.client("lambda").put_function_concurrency(
            FunctionName=function.name, ReservedConcurrentExecutions=0
        )
        function.client("iam").delete_role_policy(RoleName=function.name, PolicyName="more")


@pytest.fixture
def name() -> str:
    return f"loop-{uuid.uuid4().hex[:8]}"


def rounds(function: Deployed) -> set[str]:
    """Return the rounds of the function, once there are no more of them or too many."""
    seen: set[str] = set()
    deadline = time.monotonic() + 60
    still_since = time.monotonic()
    while time.monotonic() < min(deadline, still_since + 2) and len(seen) <= len(SIXTEEN):
        time.sleep(0.1)
        now = {line.strip() for line in function.logged() if line.startswith("round")}
        if len(now) < len(SIXTEEN) or now != seen:
            still_since = time.monotonic()
        seen = now
    return seen


def test_a_function_that_invokes_itself_is_stopped(looping: Looping) -> None:
    # Given a function that invokes itself for ever
    function = looping(TO_ITSELF)

    # When it is begun
    function.invoke({"round": 1}, InvocationType="Event")

    # Then Lambda stops it after sixteen rounds
    assert rounds(function) == SIXTEEN
    assert any("RecursiveInvocationException" in line for line in function.logged())


def test_a_loop_through_a_queue_is_stopped(looping: Looping, client: Client, name: str) -> None:
    # Given a function that sends to the queue that invokes it
    sqs = client("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = f"arn:aws:sqs:us-east-1:123456789012:{name}"
    function = looping(TO_QUEUE % url)
    mapping = client("lambda").create_event_source_mapping(
        FunctionName=function.name, EventSourceArn=arn
    )

    # When the first message is sent
    sqs.send_message(QueueUrl=url, MessageBody="1")

    # Then Lambda stops it after sixteen rounds
    assert rounds(function) == SIXTEEN
    client("lambda").delete_event_source_mapping(UUID=mapping["UUID"])
    sqs.delete_queue(QueueUrl=url)


def test_a_loop_through_a_topic_is_stopped(looping: Looping, client: Client, name: str) -> None:
    # Given a function that publishes to the topic that invokes it
    sns = client("sns")
    topic = sns.create_topic(Name=name)["TopicArn"]
    function = looping(TO_TOPIC % topic)
    client("lambda").add_permission(
        FunctionName=function.name,
        StatementId="sns",
        Action="lambda:InvokeFunction",
        Principal="sns.amazonaws.com",
        SourceArn=topic,
    )
    arn = f"arn:aws:lambda:us-east-1:123456789012:function:{function.name}"
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)

    # When the first message is published
    sns.publish(TopicArn=topic, Message="1")

    # Then Lambda stops it after sixteen rounds
    assert rounds(function) == SIXTEEN
    sns.delete_topic(TopicArn=topic)


def test_a_loop_through_a_bucket_is_stopped(looping: Looping, client: Client, name: str) -> None:
    # Given a function that puts objects into the bucket that notifies it
    s3 = client("s3")
    s3.create_bucket(Bucket=name)
    function = looping(TO_BUCKET % name)
    client("lambda").add_permission(
        FunctionName=function.name,
        StatementId="s3",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
        SourceArn=f"arn:aws:s3:::{name}",
    )
    arn = f"arn:aws:lambda:us-east-1:123456789012:function:{function.name}"
    s3.put_bucket_notification_configuration(
        Bucket=name,
        NotificationConfiguration={
            "LambdaFunctionConfigurations": [
                {"LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"]}
            ]
        },
    )

    # When the first object is put
    s3.put_object(Bucket=name, Key="1")

    # Then Lambda stops it after sixteen rounds
    assert rounds(function) == SIXTEEN
    for each in s3.list_objects_v2(Bucket=name)["Contents"]:
        s3.delete_object(Bucket=name, Key=each["Key"])
    s3.delete_bucket(Bucket=name)
