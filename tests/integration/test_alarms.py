"""A fault in the function raises an alarm, which tells a topic, and ends when the fault does."""

import json
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from deployed import Client, Deployed

Deploy = Callable[..., Deployed]

# AWS takes no period under a minute for its own metrics; here it spares the test a minute.
PERIOD_S = 10


@pytest.fixture
def messages(client: Client) -> Iterator[tuple[str, Callable[[], list[dict[str, Any]]]]]:
    """Give a topic, and what tells the messages it has sent so far."""
    name = f"oncall-{uuid.uuid4().hex[:8]}"
    sns, sqs = client("sns"), client("sqs")
    topic = sns.create_topic(Name=name)["TopicArn"]
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["QueueArn"])
    received: list[dict[str, Any]] = []

    def receive() -> list[dict[str, Any]]:
        answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
        for message in answer.get("Messages", []):
            received.append(json.loads(json.loads(message["Body"])["Message"]))
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return received

    yield topic, receive
    sns.delete_topic(TopicArn=topic)
    sqs.delete_queue(QueueUrl=queue)


def error_rate(function: Deployed) -> list[dict[str, Any]]:
    """Return the queries of an alarm on the function's error rate, in percent."""

    def total(identity: str, metric: str) -> dict[str, Any]:
        identified = {
            "Namespace": "AWS/Lambda",
            "MetricName": metric,
            "Dimensions": [{"Name": "FunctionName", "Value": function.name}],
        }
        return {
            "Id": identity,
            "MetricStat": {"Metric": identified, "Period": PERIOD_S, "Stat": "Sum"},
            "ReturnData": False,
        }

    return [
        {"Id": "rate", "Expression": "100 * errors / MAX([errors, invocations])"},
        total("errors", "Errors"),
        total("invocations", "Invocations"),
    ]


def wait_for_state(cloudwatch: Any, name: str, state: str) -> None:
    deadline = time.monotonic() + 3 * PERIOD_S
    while time.monotonic() < deadline:
        [alarm] = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
        if alarm["StateValue"] == state:
            return
        time.sleep(0.2)
    pytest.fail(f"the alarm is {alarm['StateValue']}, not {state}: {alarm['StateReason']}")


def test_a_fault_raises_the_alarm_and_its_end_clears_it(
    deploy: Deploy,
    client: Client,
    messages: tuple[str, Callable[[], list[dict[str, Any]]]],
) -> None:
    # Given a function that works, with an alarm on its error rate
    topic, receive = messages
    function = deploy("probe.py")
    cloudwatch = client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName=function.name,
        AlarmActions=[topic],
        OKActions=[topic],
        Metrics=error_rate(function),
        ComparisonOperator="GreaterThanThreshold",
        Threshold=10,
        EvaluationPeriods=1,
        TreatMissingData="notBreaching",
    )
    function.invoke()
    wait_for_state(cloudwatch, function.name, "OK")

    # When it fails, and in a later period succeeds
    function.invoke({"do": "raise"})
    wait_for_state(cloudwatch, function.name, "ALARM")
    time.sleep(PERIOD_S - time.time() % PERIOD_S)
    function.invoke()
    wait_for_state(cloudwatch, function.name, "OK")

    # Then the history tells, and the topic's subscriber was told, every change
    history = cloudwatch.describe_alarm_history(
        AlarmName=function.name, HistoryItemType="StateUpdate", ScanBy="TimestampAscending"
    )["AlarmHistoryItems"]
    told = receive()
    cloudwatch.delete_alarms(AlarmNames=[function.name])
    assert [item["HistorySummary"] for item in history] == [
        "Alarm updated from INSUFFICIENT_DATA to OK",
        "Alarm updated from OK to ALARM",
        "Alarm updated from ALARM to OK",
    ]
    assert [message["NewStateValue"] for message in told] == ["OK", "ALARM", "OK"]
    assert "was greater than the threshold (10.0)" in told[1]["NewStateReason"]
