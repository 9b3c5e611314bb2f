"""Terraform's alarms are raised by real failures, notify a topic, and return to OK afterwards.

The alarms' minutes are real ones, so this is one of the tests that take minutes.
"""

import itertools
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.deployment_package.build import build
from scripts.project.paths import TUTORIAL_EVENT
from scripts.terraform.local_stack import LocalStack
from tests.integration.deployed import Client, Deployed, letting_in
from tests.support.fake_dynamodb import FakeDynamoDB, fake_dynamodb

PERIOD_S = 60
# Time for an evaluation on a busy machine.
LATE_S = 15
ALARMS = ("error-rate", "fault-rate", "refused-writes", "slow", "throttles")

Messages = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def topic(client: Client) -> Iterator[tuple[str, Messages]]:
    """Yield a topic, and a function that returns the messages it has sent so far."""
    sns, sqs = client("sns"), client("sqs")
    arn = sns.create_topic(Name="oncall")["TopicArn"]
    queue_arn = "arn:aws:sqs:us-east-1:123456789012:oncall"
    policy = {"Policy": letting_in(queue_arn, "sns")}
    queue = sqs.create_queue(QueueName="oncall", Attributes=policy)["QueueUrl"]
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue_arn)
    received: list[dict[str, Any]] = []

    def receive() -> list[dict[str, Any]]:
        while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            for message in messages:
                received.append(json.loads(json.loads(message["Body"])["Message"]))
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return received

    yield arn, receive
    sns.delete_topic(TopicArn=arn)
    sqs.delete_queue(QueueUrl=queue)


@pytest.fixture
def variables(topic: tuple[str, Messages]) -> dict[str, Any]:
    """Return Terraform's variables, which name that topic."""
    return {"alarm_actions": [topic[0]]}


@pytest.fixture
def stack(isolated: None, variables: dict[str, Any], tmp_path: Path) -> Iterator[LocalStack]:
    """Yield the real configuration, applied."""
    build()
    applied = LocalStack(tmp_path / "stack")
    applied.init()
    applied.apply(**variables)
    yield applied
    applied.destroy()


@pytest.fixture
def hanging_table() -> Iterator[FakeDynamoDB]:
    """Yield a table that never answers."""
    with fake_dynamodb() as server:
        server.faults = itertools.repeat("hang")
        yield server


def ride(client: Client, function: str) -> int:
    """Request a ride; returns its HTTP status."""
    answer = client("lambda").invoke(FunctionName=function, Payload=TUTORIAL_EVENT.read_bytes())
    return int(json.loads(answer["Payload"].read())["statusCode"])


def divert(client: Client, function: str, url: str) -> None:
    """Point a function at another DynamoDB endpoint."""
    variables = client("lambda").get_function_configuration(FunctionName=function)["Environment"]
    variables["Variables"]["AWS_ENDPOINT_URL_DYNAMODB"] = url
    change(client, function, Environment=variables)


def change(client: Client, function: str, **settings: Any) -> None:
    """Change a function's configuration."""
    client("lambda").update_function_configuration(FunctionName=function, **settings)
    Deployed(function, client).ready()


def wait_for(cloudwatch: Any, state: str, *alarms: str) -> None:
    """Wait until all of these alarms are in a state."""
    deadline = time.monotonic() + LATE_S
    while time.monotonic() < deadline:
        described = cloudwatch.describe_alarms(AlarmNames=alarms)["MetricAlarms"]
        if all(alarm["StateValue"] == state for alarm in described):
            return
        time.sleep(0.2)
    others = [
        f"{alarm['AlarmName']}: {alarm['StateReason']}"
        for alarm in described
        if alarm["StateValue"] != state
    ]
    pytest.fail(f"not {state}: {others}")


def test_failures_raise_their_alarms_and_a_minute_without_failures_ends_them(
    stack: LocalStack,
    variables: dict[str, Any],
    topic: tuple[str, Messages],
    hanging_table: FakeDynamoDB,
    client: Client,
) -> None:
    # Given a working function, and its alarms, which notify a topic
    cloudwatch, outputs = client("cloudwatch"), stack.outputs()
    function = outputs["function_name"]
    alarms = [f"{function}-{name}" for name in ALARMS]
    error_rate, fault_rate, refused_writes, slow, throttles = alarms
    assert outputs["alarm_names"] == alarms
    assert ride(client, function) == 201
    wait_for(cloudwatch, "OK", *alarms)

    # When its handler cannot be found
    change(client, function, Handler="none.handler")
    failed = client("lambda").invoke(FunctionName=function, Payload=TUTORIAL_EVENT.read_bytes())
    failed["Payload"].read()
    assert failed["FunctionError"] == "Unhandled"

    # Then the alarm on errors is raised
    wait_for(cloudwatch, "ALARM", error_rate)

    # When it can be found, and the role's policy is deleted
    change(client, function, Handler="request_unicorn.handler")
    client("iam").delete_role_policy(
        RoleName=outputs["role_name"], PolicyName="DynamoDBWriteAccess"
    )
    assert ride(client, function) == 500

    # Then the alarm on faults is raised
    wait_for(cloudwatch, "ALARM", fault_rate)

    # When its table hangs, so that one request blocks the next
    client("lambda").put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=1)
    divert(client, function, hanging_table.url)
    with ThreadPoolExecutor(1) as thread:
        hanging = thread.submit(ride, client, function)
        while not hanging_table.requests:
            assert not hanging.done()
        with pytest.raises(ClientError, match="Rate Exceeded"):
            ride(client, function)
        assert hanging.result() == 503

    # Then the other alarms are raised
    wait_for(cloudwatch, "ALARM", refused_writes, slow, throttles)

    # When Terraform has repaired all this, and a new minute begins
    stack.apply(**variables)
    time.sleep(PERIOD_S - time.time() % PERIOD_S)
    assert ride(client, function) == 201

    # Then every alarm is OK
    wait_for(cloudwatch, "OK", *alarms)

    # And each history and the topic's subscriber have every change
    messages = topic[1]()
    for alarm in alarms:
        history = cloudwatch.describe_alarm_history(
            AlarmName=alarm, HistoryItemType="StateUpdate", ScanBy="TimestampAscending"
        )["AlarmHistoryItems"]
        assert [item["HistorySummary"] for item in history] == [
            "Alarm updated from INSUFFICIENT_DATA to OK",
            "Alarm updated from OK to ALARM",
            "Alarm updated from ALARM to OK",
        ]
        states = [each["NewStateValue"] for each in messages if each["AlarmName"] == alarm]
        assert states == ["OK", "ALARM", "OK"]
