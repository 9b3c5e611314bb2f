"""Runs the actions of an alarm whose state changed: notifications to SNS topics, and invocations of functions."""

from collections.abc import Callable

from moto.cloudwatch.models import Alarm
from moto.sns.models import sns_backends

from local_aws.arns import parse_arn
from local_aws.cloudwatch.alarm_event import event
from local_aws.cloudwatch.alarm_history import AlarmHistory
from local_aws.cloudwatch.alarm_notification import notification
from local_aws.cloudwatch.alarm_state import AlarmState
from local_aws.reports import report

# Invokes a function asynchronously, given its ARN, the alarm's ARN and the event. Raises ActionError.
Invoke = Callable[[str, str, bytes], None]


class ActionError(Exception):
    """An action cannot run; the message says why."""


def act(alarm: Alarm, old: AlarmState, account: str, history: AlarmHistory, invoke: Invoke) -> None:
    """Run the actions for the alarm's new state, record them in the history, and report failures on stderr."""
    actions = {
        "OK": alarm.ok_actions,
        "ALARM": alarm.alarm_actions,
        "INSUFFICIENT_DATA": alarm.insufficient_data_actions,
    }
    for action in actions[alarm.state_value]:
        message, error = _run(action, alarm, old, account, invoke)
        history.record_action(alarm, action, message, error)
        if error:
            report(f"an action of the alarm {alarm.name} failed: {error}")


def _run(
    arn: str, alarm: Alarm, old: AlarmState, account: str, invoke: Invoke
) -> tuple[str, str | None]:
    """Run an action, given its ARN; returns the message that was sent, and the error, if any."""
    subject, message = notification(alarm, account, old)
    target = parse_arn(arn)
    if target is None or target.service not in ("sns", "lambda"):
        return message, f"the local CloudWatch runs actions of SNS and Lambda only, not {arn}."
    # A failing subscriber must not stop the evaluation of other alarms.
    try:
        if target.service == "sns":
            sns_backends[account][target.region].publish(message, arn=arn, subject=subject)
        else:
            message = event(alarm, account, old).decode()
            invoke(arn, alarm.alarm_arn, message.encode())
    except Exception as error:
        return message, str(error) or type(error).__name__
    return message, None
