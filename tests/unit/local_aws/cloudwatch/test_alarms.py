"""States, history and actions of alarms, on test metrics and a test clock."""

import json
import time

import pytest
from moto.cloudwatch.exceptions import ValidationError

from local_aws.cloudwatch.composite_alarms import NO_METRIC
from tests.support.alarm_bench import Bench


def test_a_new_alarm_has_insufficient_data_until_it_is_evaluated(bench: Bench) -> None:
    # Given a new alarm
    alarm = bench.alarm()
    created_as = alarm.state_value

    # When it is evaluated, without any data
    state = bench.state()

    # Then missing data is treated as configured
    assert (created_as, state) == ("INSUFFICIENT_DATA", "OK")


def test_an_error_raises_the_alarm_at_once_and_a_minute_without_errors_ends_it(
    bench: Bench,
) -> None:
    # Given an alarm that is OK
    bench.alarm()
    bench.state()

    # When a request fails, and a minute later one succeeds
    bench.put("Errors", 1)
    after_error = bench.state()
    same_minute = bench.state(after_s=59)
    bench.put("Errors", 0, at=bench.now + 1)
    next_minute = bench.state(after_s=1)

    # Then it is in ALARM until the next minute shows no error
    assert (after_error, same_minute, next_minute) == ("ALARM", "ALARM", "OK")
    assert bench.changes() == [
        "Alarm updated from INSUFFICIENT_DATA to OK",
        "Alarm updated from OK to ALARM",
        "Alarm updated from ALARM to OK",
    ]


def test_without_new_data_an_alarm_ends_when_the_error_leaves_the_evaluation_range(
    bench: Bench,
) -> None:
    # Given an alarm that was raised
    bench.alarm()
    bench.put("Errors", 1)
    bench.state()

    # When no more data arrives
    states = [bench.state(after_s=60) for _ in range(4)]

    # Then the last real datapoint counts while it is in the evaluation range
    assert states == ["ALARM", "ALARM", "ALARM", "OK"]


def test_every_change_is_published_once_to_the_actions_of_its_state(bench: Bench) -> None:
    # Given an alarm with actions
    topic = bench.topic.arn
    alarm = bench.alarm(alarm_actions=[topic], ok_actions=[topic])
    bench.state()

    # When it is raised, and evaluated again
    bench.put("Errors", 1)
    bench.state()
    raised = alarm.state_updated_timestamp
    bench.state(after_s=1)

    # Then the topic received one message per change, in CloudWatch's wording
    first, second = bench.sent()
    assert alarm.state_updated_timestamp == raised
    assert (first["OldStateValue"], first["NewStateValue"]) == ("INSUFFICIENT_DATA", "OK")
    assert (second["OldStateValue"], second["NewStateValue"]) == ("OK", "ALARM")
    assert second["NewStateReason"] == (
        "Threshold Crossed: 1 datapoint [1.0 (21/11/26 12:00:00)] was greater than the threshold (0.0)."
    )
    assert second["AWSAccountId"] == bench.account
    assert second["Region"] == "Europe (Ireland)"
    assert second["Trigger"] == {
        "MetricName": "Errors",
        "Namespace": "AWS/Lambda",
        "StatisticType": "Statistic",
        "Statistic": "SUM",
        "Unit": None,
        "Dimensions": [{"value": "f", "name": "FunctionName"}],
        "Period": 60,
        "EvaluationPeriods": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 0.0,
        "TreatMissingData": "notBreaching",
        "EvaluateLowSampleCountPercentile": "",
    }


def test_disabled_actions_do_not_run(bench: Bench) -> None:
    # Given an alarm whose actions are disabled
    bench.alarm(alarm_actions=[bench.topic.arn], actions_enabled=False)

    # When it is raised
    bench.put("Errors", 1)
    state = bench.state()

    # Then only its state changes
    assert state == "ALARM"
    assert bench.sent() == []


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ("arn:aws:sns:eu-west-1:123456789012:nobody", "does not exist"),
        ("arn:aws:automate:eu-west-1:ec2:stop", "SNS and Lambda only"),
    ],
)
def test_a_failed_action_is_reported_and_the_others_run(
    bench: Bench, action: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given an alarm with an action that fails before one that works
    bench.alarm(alarm_actions=[action, bench.topic.arn])

    # When it is raised
    bench.put("Errors", 1)
    bench.state()

    # Then its history and stderr report the failure, and the other action runs
    items = bench.cloudwatch.alarm_history.items("errors", "Action", None, None)
    assert [item["HistorySummary"].split(" action ")[0] for item in items] == [
        "Failed to execute",
        "Successfully executed",
    ]
    stderr = capsys.readouterr().err
    assert "an action of the alarm errors failed" in stderr
    assert message in stderr
    assert len(bench.sent()) == 1


def test_a_state_that_was_set_lasts_until_the_next_evaluation(bench: Bench) -> None:
    # Given an alarm that is OK
    bench.alarm(alarm_actions=[bench.topic.arn])
    bench.state()

    # When it is set to ALARM to try its actions, and again while in ALARM
    bench.cloudwatch.set_alarm_state("errors", "a drill", "{}", "ALARM")
    bench.cloudwatch.set_alarm_state("errors", "still a drill", "{}", "ALARM")

    # Then the actions run once, and the next evaluation restores the state
    assert [message["NewStateReason"] for message in bench.sent()] == ["a drill"]
    assert bench.state() == "OK"


def test_an_update_keeps_the_state(bench: Bench) -> None:
    # Given an alarm that was raised
    bench.alarm()
    bench.put("Errors", 1)
    bench.state()

    # When its configuration is put again
    alarm = bench.alarm(description="updated")

    # Then it is still in ALARM, and changed state only once
    assert alarm.state_value == "ALARM"
    assert bench.state() == "ALARM"
    assert bench.changes() == ["Alarm updated from INSUFFICIENT_DATA to ALARM"]


def test_a_short_period_lacks_data_on_a_metric_with_one_point_a_minute(bench: Bench) -> None:
    # Given an alarm with a period of ten seconds on a Lambda metric, which has one point a minute
    bench.alarm(period=10, treat_missing_data="missing")

    # When there are errors in every ten seconds of a minute
    states = []
    for _ in range(6):
        bench.put("Errors", 1)
        states.append(bench.state())
        bench.now += 10

    # Then only the first period has data, as PutMetricAlarm's documentation warns
    assert states == ["ALARM"] * 4 + ["INSUFFICIENT_DATA"] * 2


@pytest.mark.parametrize(
    ("period", "count", "message"),
    [
        (45, 1, "must be 10, 20, 30 or a multiple of 60"),
        (1, 1, "must be 10, 20, 30 or a multiple of 60"),
        (60, 24 * 60 + 1, "more than a day"),
        (3600, 7 * 24 + 1, "more than seven days"),
    ],
)
def test_periods_that_cloudwatch_cannot_evaluate_are_refused(
    bench: Bench, period: int, count: int, message: str
) -> None:
    # Given an alarm with an invalid or too long period
    # When it is put
    with pytest.raises(ValidationError, match=message):
        bench.alarm(period=period, evaluation_periods=count)

    # Then there is none
    assert not bench.cloudwatch.alarms


@pytest.mark.parametrize(("period", "count"), [(10, 1), (30, 2880), (60, 1440), (3600, 168)])
def test_the_longest_and_shortest_periods_are_accepted(
    bench: Bench, period: int, count: int
) -> None:
    # Given the limits
    # When an alarm at them is put, then it is stored
    assert bench.alarm(period=period, evaluation_periods=count).name in bench.cloudwatch.alarms


def test_the_window_of_a_long_period_slides_by_the_minute(bench: Bench) -> None:
    # Given an alarm on more than five errors in five minutes, aligned or not
    bench.alarm(period=300, threshold=5.0)

    # When there are three at the end of one five minutes and three at the start of the next
    bench.put("Errors", 3, at=bench.now + 4 * 60)
    first = bench.state(after_s=4 * 60)
    bench.put("Errors", 3, at=bench.now + 60)
    second = bench.state(after_s=60)
    later = [bench.state(after_s=60) for _ in range(5)]

    # Then the alarm is raised, until five minutes have no more than five
    assert (first, second) == ("OK", "ALARM")
    assert later == ["ALARM", "ALARM", "ALARM", "ALARM", "OK"]


def test_an_alarm_on_dynamodb_keeps_its_state_without_data(bench: Bench) -> None:
    # Given an alarm on a DynamoDB metric that treats missing data as breaching
    bench.alarm(namespace="AWS/DynamoDB", treat_missing_data="breaching")

    # When there is no data, then it keeps its state, as all alarms on DynamoDB do
    assert bench.state() == "INSUFFICIENT_DATA"


def test_the_reason_data_is_that_of_cloudwatch(bench: Bench) -> None:
    # Given an alarm on two of three datapoints, with a unit
    alarm = bench.alarm(
        evaluation_periods=3, datapoints_to_alarm=2, unit="Count", treat_missing_data="missing"
    )

    # When three minutes breach, with one sample, two and one
    for errors, count in ((1, 1), (2, 2), (3, 1)):
        bench.put("Errors", errors, count=count)
        bench.now += 60
    bench.now -= 60
    bench.state()

    # Then the data has all values, the oldest first, and the two newest datapoints that raised it
    data = json.loads(alarm.state_reason_data)
    assert data.pop("queryDate").startswith("2026-11-21T12:02:00.000")
    assert data == {
        "version": "1.0",
        "startDate": "2026-11-21T12:00:00.000+0000",
        "unit": "Count",
        "statistic": "Sum",
        "period": 60,
        "recentDatapoints": [1.0, 4.0, 3.0],
        "threshold": 0.0,
        "evaluatedDatapoints": [
            {"timestamp": "2026-11-21T12:02:00.000+0000", "sampleCount": 1.0, "value": 3.0},
            {"timestamp": "2026-11-21T12:01:00.000+0000", "sampleCount": 2.0, "value": 4.0},
        ],
    }


def test_the_reason_data_lists_missing_periods_and_the_history_has_it(bench: Bench) -> None:
    # Given an alarm
    alarm = bench.alarm(evaluation_periods=2, treat_missing_data="breaching")
    created_with = alarm.state_reason_data

    # When it is evaluated without data
    bench.state()

    # Then the missing periods are listed, and the history has the data of the new state only
    assert created_with is None
    data = json.loads(alarm.state_reason_data)
    assert data["evaluatedDatapoints"] == [
        {"timestamp": "2026-11-21T11:59:00.000+0000"},
        {"timestamp": "2026-11-21T11:58:00.000+0000"},
    ]
    assert "startDate" not in data
    [item] = bench.cloudwatch.alarm_history.items(None, "StateUpdate", None, None)
    history = json.loads(item["HistoryData"])
    assert history["oldState"] == {
        "stateValue": "INSUFFICIENT_DATA",
        "stateReason": "Unchecked: Initial alarm creation",
    }
    assert history["newState"]["stateReasonData"] == data


def test_the_history_has_an_alarms_configurations(bench: Bench) -> None:
    # Given an alarm that is created, updated and deleted
    bench.alarm()
    bench.alarm(threshold=5.0)
    bench.cloudwatch.delete_alarms(["errors"])

    # When its history is read
    items = bench.cloudwatch.alarm_history.items("errors", "ConfigurationUpdate", None, None)

    # Then it has each configuration, in CloudWatch's words
    assert [item["HistorySummary"] for item in items] == [
        'Alarm "errors" created',
        'Alarm "errors" updated',
        'Alarm "errors" deleted',
    ]
    created, updated, _ = [json.loads(item["HistoryData"]) for item in items]
    assert created["type"] == "Create"
    assert created["createdAlarm"]["threshold"] == 0
    assert created["createdAlarm"]["dimensions"] == [{"value": "f", "name": "FunctionName"}]
    assert created["createdAlarm"]["stateValue"] == "INSUFFICIENT_DATA"
    assert "datapointsToAlarm" not in created["createdAlarm"]
    assert updated["updatedAlarm"]["threshold"] == 5


def test_an_alarm_that_cannot_be_evaluated_is_reported_once_and_the_others_are_evaluated(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a composite alarm whose rule cannot be read, and another one
    bench.alarm("broken", **NO_METRIC, rule="(")
    bench.alarm("composite", **NO_METRIC, rule="TRUE")

    # When alarms are evaluated twice
    bench.state(name="composite")

    # Then the other one has its state, and one line says what is wrong
    assert bench.state(name="composite") == "ALARM"
    reported = capsys.readouterr().err.splitlines()
    assert len(reported) == 1
    assert reported[0].startswith("local: cannot evaluate the alarm broken: ")


def test_the_evaluator_runs_by_itself_until_it_is_stopped(bench: Bench) -> None:
    # Given an alarm and a running evaluator
    bench.alarm(ok_actions=[bench.topic.arn])
    bench.evaluator.start()

    # When no test calls it
    deadline = time.monotonic() + 10
    while not bench.sent() and time.monotonic() < deadline:
        time.sleep(0.05)
    bench.evaluator.stop()

    # Then it has evaluated the alarm
    assert bench.cloudwatch.alarms["errors"].state_value == "OK"
