"""Runs an alarm's actions when its state changes: notifications to SNS topics."""

import sys

from moto.cloudwatch.models import Alarm
from moto.sns.models import sns_backends

from local_aws.cloudwatch.alarm_history import AlarmHistory
from local_aws.cloudwatch.alarm_words import notification


def act(alarm: Alarm, old_state: str, account: str, history: AlarmHistory) -> None:
    """Run the actions for the alarm's new state; record each in the history and report failures on stderr."""
    actions = {
        "OK": alarm.ok_actions,
        "ALARM": alarm.alarm_actions,
        "INSUFFICIENT_DATA": alarm.insufficient_data_actions,
    }
    subject, message = notification(alarm, account, old_state)
    for action in actions[alarm.state_value]:
        error = _publish(account, action, subject, message)
        history.record_action(alarm, action, message, error)
        if error:
            print(f"local: an action of the alarm {alarm.name} failed: {error}", file=sys.stderr)


def _publish(account: str, arn: str, subject: str, message: str) -> str | None:
    """Send a notification to an SNS topic; returns the error, if any."""
    service, region = arn.split(":")[2:4]
    if service != "sns":
        return f"the local CloudWatch can only notify SNS topics, not {arn}."
    try:
        sns_backends[account][region].publish(message, arn=arn, subject=subject)
    # A subscriber's failure must not stop the other alarms.
    except Exception as error:
        return str(error) or type(error).__name__
    return None
