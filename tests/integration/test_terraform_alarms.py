"""Terraform's alarms go off by faults under the real runtime, tell a topic, and end when the faults do.

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
from tests.integration.deployed import Client
from tests.support.fake_dynamodb import FakeDynamoDB, fake_dynamodb

PERIOD_S = 60
LATE_S = 15  # to look at the alarms, on a busy machine
ALARMS = ("error-rate", "refused-writes", "slow", "throttles")
SLOW_SHARE = 0.25  # of the timeout: less than the function waits for a table that hangs

Messages = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def topic(client: Client) -> Iterator[tuple[str, Messages]]:
    """Give a topic, and what tells the messages it has sent so far."""
    sns, sqs = client("sns"), client("sqs")
    arn = sns.create_topic(Name="oncall")["TopicArn"]
    queue = sqs.create_queue(QueueName="oncall")["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=attributes["QueueArn"])
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
    """Give Terraform's variables, which name that topic."""
    return {"alarm_actions": [topic[0]], "alarm_duration_share": SLOW_SHARE}


@pytest.fixture
def stack(isolated: None, variables: dict[str, Any], tmp_path: Path) -> Iterator[LocalStack]:
    """Give the real configuration, applied."""
    build()
    applied = LocalStack(tmp_path / "stack")
    applied.init()
    applied.apply(**variables)
    yield applied
    applied.destroy()


@pytest.fixture
def hanging_table() -> Iterator[FakeDynamoDB]:
    """Give a table that never answers."""
    with fake_dynamodb() as server:
        server.faults = itertools.repeat("hang")
        yield server


def ride(client: Client, function: str) -> int:
    """Ask for a ride; returns its HTTP status."""
    answer = client("lambda").invoke(FunctionName=function, Payload=TUTORIAL_EVENT.read_bytes())
    return int(json.loads(answer["Payload"].read())["statusCode"])


def divert(client: Client, function: str, url: str) -> None:
    """Let a function find its table elsewhere."""
    variables = client("lambda").get_function_configuration(FunctionName=function)["Environment"]
    variables["Variables"]["AWS_ENDPOINT_URL_DYNAMODB"] = url
    client("lambda").update_function_configuration(FunctionName=function, Environment=variables)


def wait_for(cloudwatch: Any, state: str, *alarms: str) -> None:
    """Wait until all of these alarms are in a state."""
    deadline = time.monotonic() + LATE_S
    while time.monotonic() < deadline:
        found = cloudwatch.describe_alarms(AlarmNames=alarms)["MetricAlarms"]
        if all(alarm["StateValue"] == state for alarm in found):
            return
        time.sleep(0.2)
    others = [
        f"{alarm['AlarmName']}: {alarm['StateReason']}"
        for alarm in found
        if alarm["StateValue"] != state
    ]
    pytest.fail(f"not {state}: {others}")


def test_faults_raise_the_alarms_that_name_them_and_a_good_minute_ends_them(
    stack: LocalStack,
    variables: dict[str, Any],
    topic: tuple[str, Messages],
    hanging_table: FakeDynamoDB,
    client: Client,
) -> None:
    # Given a function that sends unicorns, and its alarms, which tell a topic
    cloudwatch, outputs = client("cloudwatch"), stack.outputs()
    function = outputs["function_name"]
    error_rate, refused_writes, slow, throttles = alarms = [f"{function}-{name}" for name in ALARMS]
    assert outputs["alarm_names"] == alarms
    assert ride(client, function) == 201
    wait_for(cloudwatch, "OK", *alarms)

    # When somebody takes its policy away
    client("iam").delete_role_policy(
        RoleName=outputs["role_name"], PolicyName="DynamoDBWriteAccess"
    )
    assert ride(client, function) == 500

    # Then the alarm on the error rate goes off
    wait_for(cloudwatch, "ALARM", error_rate)

    # When its table hangs, so that one request is in the way of the next
    client("lambda").put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=1)
    divert(client, function, hanging_table.url)
    with ThreadPoolExecutor(1) as thread:
        hanging = thread.submit(ride, client, function)
        while not hanging_table.requests:
            assert not hanging.done()
        with pytest.raises(ClientError, match="Rate Exceeded"):
            ride(client, function)
        assert hanging.result() == 503

    # Then the others do
    wait_for(cloudwatch, "ALARM", refused_writes, slow, throttles)

    # When Terraform has mended all this, and a minute begins
    stack.apply(**variables)
    time.sleep(PERIOD_S - time.time() % PERIOD_S)
    assert ride(client, function) == 201

    # Then no alarm is left
    wait_for(cloudwatch, "OK", *alarms)

    # And the history of each tells, and the topic's subscriber was told, every change
    told = topic[1]()
    for alarm in alarms:
        history = cloudwatch.describe_alarm_history(
            AlarmName=alarm, HistoryItemType="StateUpdate", ScanBy="TimestampAscending"
        )["AlarmHistoryItems"]
        assert [item["HistorySummary"] for item in history] == [
            "Alarm updated from INSUFFICIENT_DATA to OK",
            "Alarm updated from OK to ALARM",
            "Alarm updated from ALARM to OK",
        ]
        states = [each["NewStateValue"] for each in told if each["AlarmName"] == alarm]
        assert states == ["OK", "ALARM", "OK"]
