"""Suppresses actions of composite alarms, after "Suppressing composite alarm actions".

No action runs while another alarm, the suppressor, is in ALARM, and for the extension period after that. When a
composite alarm changes its state, its actions wait for the wait period, in case the suppressor goes into ALARM. Actions
that were held back run later, unless the alarm is then in the state again for which actions last ran.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from moto.cloudwatch.exceptions import ValidationError
from moto.cloudwatch.models import Alarm

from local_aws.cloudwatch.alarm_state import AlarmState
from local_aws.cloudwatch.composite_rule import alarm_name

_REASONS = {
    "Alarm": "Actions suppressed by {}",
    "ExtensionPeriod": "Actions suppressed by the extension period after {} left ALARM",
    "WaitPeriod": "Actions suppressed by the wait period for {} to go into ALARM",
}


@dataclass(frozen=True)
class Suppression:
    """The name of an alarm's suppressor, and the wait and extension periods."""

    suppressor: str
    wait: timedelta
    extension: timedelta


def configure(alarm: Alarm, params: Mapping[str, Any], alarms: Mapping[str, Alarm]) -> None:
    """Set the suppressor in the parameters of PutCompositeAlarm. Raises ValidationError."""
    suppressor = params.get("ActionsSuppressor")
    wait, extension = (
        params.get(f"ActionsSuppressor{name}Period") for name in ("Wait", "Extension")
    )
    if suppressor and (wait is None or extension is None):
        raise ValidationError(
            "ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod are required with ActionsSuppressor"
        )
    if suppressor and alarm_name(suppressor) not in alarms:
        raise ValidationError(f"ActionsSuppressor alarm {suppressor} does not exist")
    alarm.actions_suppressor = suppressor
    alarm.actions_suppressor_wait_period = wait if suppressor else None
    alarm.actions_suppressor_extension_period = extension if suppressor else None


def of(alarm: Alarm) -> Suppression | None:
    """Return an alarm's suppression; None if it has no suppressor."""
    suppressor = getattr(alarm, "actions_suppressor", None)
    if not suppressor:
        return None
    return Suppression(
        alarm_name(suppressor),
        timedelta(seconds=alarm.actions_suppressor_wait_period),
        timedelta(seconds=alarm.actions_suppressor_extension_period),
    )


def hold_back(alarm: Alarm, old: AlarmState) -> None:
    """Record that an alarm has left the `old` state and that its actions have not run yet."""
    if getattr(alarm, "held_back", None) is None:
        alarm.held_back = old


def released(alarm: Alarm, alarms: Mapping[str, Alarm], now: datetime) -> AlarmState | None:
    """Return the state for which an alarm's actions last ran, if they must run now; None if not."""
    suppression, old = of(alarm), getattr(alarm, "held_back", None)
    by = _suppressed_by(alarm, suppression, alarms, now) if suppression else None
    alarm.actions_suppressed_by = by if old else None
    alarm.actions_suppressed_reason = (
        _REASONS[by].format(suppression.suppressor) if by and old and suppression else None
    )
    if by or old is None:
        return None
    alarm.held_back = None
    return old if old.value != alarm.state_value else None


def _suppressed_by(
    alarm: Alarm, suppression: Suppression, alarms: Mapping[str, Alarm], now: datetime
) -> str | None:
    suppressor = alarms.get(suppression.suppressor)
    if suppressor is None:
        return None
    if suppressor.state_value == "ALARM":
        return "Alarm"
    left = getattr(suppressor, "left_alarm", None)
    if left is not None and now - left < suppression.extension:
        return "ExtensionPeriod"
    if left is None or left < alarm.state_transitioned_timestamp:
        changed: datetime = alarm.state_transitioned_timestamp
        if now - changed < suppression.wait:
            return "WaitPeriod"
    return None
