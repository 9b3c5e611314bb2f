"""A fault in the function raises Terraform's alarm, which tells a topic, and ends when the fault does."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from deployed import Client

import invoke
import package
from stack import LocalStack

PERIOD_S = 60
LATE_S = 15  # to take a ride and to look at the alarms, on a busy machine

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
def stack(isolated: None, topic: tuple[str, Messages], tmp_path: Path) -> Iterator[LocalStack]:
    """Give the real configuration, applied, whose alarms tell that topic."""
    package.build()
    applied = LocalStack(tmp_path / "stack")
    applied.init()
    applied.apply(alarm_actions=[topic[0]])
    yield applied
    applied.destroy()


def ride(stack: LocalStack) -> int | None:
    """Ask for a ride; returns its HTTP status."""
    event = invoke.TUTORIAL_EVENT.read_text()
    return invoke.call(stack.outputs()["function_name"], event, *invoke.connect()).status


def wait_for_state(cloudwatch: Any, name: str, state: str) -> None:
    deadline = time.monotonic() + LATE_S
    while time.monotonic() < deadline:
        [alarm] = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
        if alarm["StateValue"] == state:
            return
        time.sleep(0.2)
    pytest.fail(f"the alarm is {alarm['StateValue']}, not {state}: {alarm['StateReason']}")


def test_a_fault_raises_the_error_rates_alarm_and_its_end_clears_it(
    stack: LocalStack, topic: tuple[str, Messages], client: Client
) -> None:
    # Given a function that sends unicorns, and its alarm
    outputs, cloudwatch = stack.outputs(), client("cloudwatch")
    alarm = f"{outputs['function_name']}-error-rate"
    assert ride(stack) == 201
    wait_for_state(cloudwatch, alarm, "OK")

    # When somebody takes its policy away
    client("iam").delete_role_policy(
        RoleName=outputs["role_name"], PolicyName="DynamoDBWriteAccess"
    )
    assert ride(stack) == 500

    # Then the alarm goes off
    wait_for_state(cloudwatch, alarm, "ALARM")

    # And when Terraform has put it back, the first good minute ends the alarm
    stack.apply(alarm_actions=[topic[0]])
    time.sleep(PERIOD_S - time.time() % PERIOD_S)
    assert ride(stack) == 201
    wait_for_state(cloudwatch, alarm, "OK")

    # And its history tells, and the topic's subscriber was told, every change
    history = cloudwatch.describe_alarm_history(
        AlarmName=alarm, HistoryItemType="StateUpdate", ScanBy="TimestampAscending"
    )["AlarmHistoryItems"]
    assert [item["HistorySummary"] for item in history] == [
        "Alarm updated from INSUFFICIENT_DATA to OK",
        "Alarm updated from OK to ALARM",
        "Alarm updated from ALARM to OK",
    ]
    told = [message for message in topic[1]() if message["AlarmName"] == alarm]
    assert [message["NewStateValue"] for message in told] == ["OK", "ALARM", "OK"]
    assert "greater than the threshold (5.0)" in told[1]["NewStateReason"]
