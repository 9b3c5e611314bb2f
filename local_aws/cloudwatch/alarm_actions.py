"""What an alarm does when its state changes: it notifies SNS topics."""

import sys

from moto.cloudwatch.models import Alarm
from moto.sns.models import sns_backends

from local_aws.cloudwatch.alarm_history import AlarmHistory
from local_aws.cloudwatch.alarm_words import notification


def act(alarm: Alarm, old_state: str, account: str, history: AlarmHistory) -> None:
    """Carry out the actions for the state that the alarm is now in; note each, and say on stderr what failed."""
    actions = {
        "OK": alarm.ok_actions,
        "ALARM": alarm.alarm_actions,
        "INSUFFICIENT_DATA": alarm.insufficient_data_actions,
    }
    subject, message = notification(alarm, account, old_state)
    for action in actions[alarm.state_value]:
        error = _publish(account, action, subject, message)
        history.note_action(alarm, action, message, error)
        if error:
            print(f"local: the alarm {alarm.name} could not act: {error}", file=sys.stderr)


def _publish(account: str, arn: str, subject: str, message: str) -> str | None:
    """Send a notification to an SNS topic; return what went wrong, if anything did."""
    service, region = arn.split(":")[2:4]
    if service != "sns":
        return f"the local CloudWatch notifies SNS topics only, not {arn}."
    try:
        sns_backends[account][region].publish(message, arn=arn, subject=subject)
    except Exception as error:  # whatever a subscriber does must not stop the other alarms
        return str(error) or type(error).__name__
    return None
