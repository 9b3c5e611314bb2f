"""Composite alarms follow the alarms in their rule; Lambda functions are actions of alarms."""

import json
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.deployed import Client, Deploy

Put = Callable[..., str]


@pytest.fixture
def put_alarm(client: Client) -> Iterator[Put]:
    """Yield a function that creates an alarm which stays in the state that it is set to, and returns its name."""
    cloudwatch, names = client("cloudwatch"), []

    def put(**configuration: Any) -> str:
        name = f"alarm-{uuid.uuid4().hex[:8]}"
        cloudwatch.put_metric_alarm(
            AlarmName=name,
            Namespace="Test",
            MetricName=name,
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=0,
            ComparisonOperator="GreaterThanThreshold",
            TreatMissingData="ignore",
            **configuration,
        )
        names.append(name)
        return name

    yield put
    cloudwatch.delete_alarms(AlarmNames=names)


def composite(client: Client, name: str) -> dict[str, Any]:
    described = client("cloudwatch").describe_alarms(
        AlarmNames=[name], AlarmTypes=["CompositeAlarm"]
    )
    [alarm] = described["CompositeAlarms"]
    return dict(alarm)


def set_state(client: Client, name: str, state: str) -> None:
    client("cloudwatch").set_alarm_state(AlarmName=name, StateValue=state, StateReason="a drill")


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert condition()


def test_a_composite_alarm_follows_the_alarms_in_its_rule(client: Client, put_alarm: Put) -> None:
    # Given a composite alarm on two alarms, and one on that
    first, second = put_alarm(), put_alarm()
    both, outer = f"both-{first}", f"outer-{first}"
    cloudwatch = client("cloudwatch")
    cloudwatch.put_composite_alarm(AlarmName=both, AlarmRule=f"ALARM({first}) AND ALARM({second})")
    cloudwatch.put_composite_alarm(AlarmName=outer, AlarmRule=f'NOT OK("{both}")')
    created = composite(client, both)

    # When one is in ALARM, and then the other too
    set_state(client, first, "ALARM")
    set_state(client, second, "ALARM")
    wait_for(lambda: composite(client, outer)["StateValue"] == "ALARM")

    # Then it was OK at first, and is in ALARM because of the second
    assert created["StateValue"] == "OK"
    assert created["StateReason"].endswith(" was created and its alarm rule evaluates to OK")
    raised = composite(client, both)
    assert raised["AlarmRule"] == f"ALARM({first}) AND ALARM({second})"
    assert f":alarm:{second} transitioned to ALARM at " in raised["StateReason"]
    [triggering] = json.loads(raised["StateReasonData"])["triggeringAlarms"]
    assert triggering["arn"].endswith(f":alarm:{second}")
    history = cloudwatch.describe_alarm_history(AlarmName=both)["AlarmHistoryItems"]
    assert history[0]["AlarmType"] == "CompositeAlarm"
    cloudwatch.delete_alarms(AlarmNames=[outer, both])


@pytest.mark.parametrize(
    ("rule", "message"), [("ALARM(nothing-here)", "do not exist"), ("ALARM(a) AND", "operand")]
)
def test_an_invalid_composite_alarm_is_refused(client: Client, rule: str, message: str) -> None:
    # Given an invalid rule, when an alarm with it is put, then that is an error
    with pytest.raises(ClientError, match=message) as refusal:
        client("cloudwatch").put_composite_alarm(AlarmName="composite", AlarmRule=rule)
    assert refusal.value.response["Error"]["Code"] == "ValidationError"


def test_an_alarm_invokes_a_function_that_permits_it(
    client: Client, deploy: Deploy, put_alarm: Put
) -> None:
    # Given a function with a permission for alarms, which logs the event, and an alarm
    function = deploy("probe.py")
    arn = client("lambda").get_function(FunctionName=function.name)["Configuration"]["FunctionArn"]
    alarm = put_alarm(AlarmActions=[arn])
    client("lambda").add_permission(
        FunctionName=function.name,
        StatementId="alarms",
        Action="lambda:InvokeFunction",
        Principal="lambda.alarms.cloudwatch.amazonaws.com",
    )

    # When the alarm is raised
    set_state(client, alarm, "ALARM")

    # Then its history has the event, as recorded from AWS, and the function ran
    [item] = client("cloudwatch").describe_alarm_history(AlarmName=alarm, HistoryItemType="Action")[
        "AlarmHistoryItems"
    ]
    assert item["HistorySummary"] == f"Successfully executed action {arn}"
    event = json.loads(json.loads(item["HistoryData"])["publishedMessage"])
    assert event["source"] == "aws.cloudwatch"
    assert event["alarmData"]["state"]["reason"] == "a drill"
    assert event["alarmData"]["previousState"]["value"] == "INSUFFICIENT_DATA"
    [metric] = event["alarmData"]["configuration"]["metrics"]
    assert metric["metricStat"]["metric"] == {"namespace": "Test", "name": alarm, "dimensions": {}}
    logs = client("logs")
    wait_for(
        lambda: (
            logs.describe_log_groups(logGroupNamePrefix=function.log_group)["logGroups"]
            and logs.filter_log_events(logGroupName=function.log_group, filterPattern="REPORT")[
                "events"
            ]
        )
    )


def test_a_function_without_a_permission_is_not_invoked(
    client: Client, deploy: Deploy, put_alarm: Put
) -> None:
    # Given a function without a permission for alarms
    function = deploy("probe.py")
    arn = client("lambda").get_function(FunctionName=function.name)["Configuration"]["FunctionArn"]
    alarm = put_alarm(AlarmActions=[arn])

    # When the alarm is raised
    set_state(client, alarm, "ALARM")

    # Then the action failed, and the history says why
    [item] = client("cloudwatch").describe_alarm_history(AlarmName=alarm, HistoryItemType="Action")[
        "AlarmHistoryItems"
    ]
    assert item["HistorySummary"] == f"Failed to execute action {arn}"
    assert "not authorized to perform: lambda:InvokeFunction" in item["HistoryData"]


def test_a_suppressor_holds_actions_back(client: Client, put_alarm: Put) -> None:
    # Given a composite alarm whose actions another alarm suppresses, and one that waits for that alarm
    cloudwatch, sns = client("cloudwatch"), client("sns")
    child, suppressor = put_alarm(), put_alarm()
    topic = sns.create_topic(Name=child)["TopicArn"]
    names = held, waiting = f"held-{child}", f"waiting-{child}"
    for name, wait_s in ((held, 0), (waiting, 3600)):
        cloudwatch.put_composite_alarm(
            AlarmName=name,
            AlarmRule=f"ALARM({child})",
            AlarmActions=[topic],
            ActionsSuppressor=suppressor,
            ActionsSuppressorWaitPeriod=wait_s,
            ActionsSuppressorExtensionPeriod=0,
        )

    def actions(name: str) -> int:
        history = cloudwatch.describe_alarm_history(
            AlarmName=name, HistoryItemType="Action", AlarmTypes=["CompositeAlarm"]
        )
        return len(history["AlarmHistoryItems"])

    # When it goes into ALARM while its suppressor is, which then recovers
    set_state(client, suppressor, "ALARM")
    set_state(client, child, "ALARM")
    wait_for(lambda: composite(client, held)["StateValue"] == "ALARM")
    suppressed, before = composite(client, held), actions(held)
    set_state(client, suppressor, "OK")
    wait_for(lambda: actions(held) == 1)
    after = composite(client, held)

    # And the other one changes its state while its suppressor is not in ALARM
    set_state(client, child, "OK")
    wait_for(lambda: composite(client, waiting)["StateValue"] == "OK")
    set_state(client, child, "ALARM")
    wait_for(lambda: composite(client, waiting)["StateValue"] == "ALARM")
    waits = composite(client, waiting)
    cloudwatch.delete_alarms(AlarmNames=list(names))
    sns.delete_topic(TopicArn=topic)

    # Then actions run once nothing suppresses them
    assert (suppressed["ActionsSuppressedBy"], before) == ("Alarm", 0)
    assert suppressed["ActionsSuppressor"] == suppressor
    assert "ActionsSuppressedBy" not in after
    assert waits["ActionsSuppressedBy"] == "WaitPeriod"


def test_a_suppressor_that_does_not_exist_is_refused(client: Client, put_alarm: Put) -> None:
    # Given an alarm, when a composite alarm names a suppressor that is none, or no periods, then it is refused
    cloudwatch, child = client("cloudwatch"), put_alarm()
    rule = {"AlarmName": f"c-{child}", "AlarmRule": f"ALARM({child})"}
    periods = {"ActionsSuppressorWaitPeriod": 60, "ActionsSuppressorExtensionPeriod": 60}
    for wrong in ({"ActionsSuppressor": "none", **periods}, {"ActionsSuppressor": child}):
        with pytest.raises(ClientError) as refusal:
            cloudwatch.put_composite_alarm(**rule, **wrong)
        assert refusal.value.response["Error"]["Code"] == "ValidationError"
