"""The history of alarms, for DescribeAlarmHistory: configurations, state changes and actions."""

import json
from datetime import UTC, datetime
from typing import Any, Literal

from moto.cloudwatch.models import Alarm

from local_aws.cloudwatch.alarm_configuration import configuration_of
from local_aws.cloudwatch.alarm_state import AlarmState

Change = Literal["Create", "Update", "Delete"]


class AlarmHistory:
    """The alarm history of one account and region, including deleted alarms."""

    def __init__(self) -> None:
        self._items: list[dict[str, Any]] = []

    def record_configuration(self, alarm: Alarm, change: Change) -> None:
        """Record that an alarm was created, updated or deleted."""
        done = f"{change.lower()}d"
        data = {"version": "1.0", "type": change, f"{done}Alarm": configuration_of(alarm)}
        self._record(alarm, "ConfigurationUpdate", f'Alarm "{alarm.name}" {done}', data)

    def record_change(self, alarm: Alarm, old: AlarmState) -> None:
        """Record a change from the `old` state to the alarm's current one."""
        summary = f"Alarm updated from {old.value} to {alarm.state_value}"
        new = AlarmState.of(alarm)
        data = {"version": "1.0", "oldState": old.in_history(), "newState": new.in_history()}
        self._record(alarm, "StateUpdate", summary, data)

    def record_action(self, alarm: Alarm, action: str, message: str, error: str | None) -> None:
        """Record that an action, given by its ARN, sent a message, and the error if it failed."""
        outcome = "Failed to execute" if error else "Successfully executed"
        data = {
            "actionState": "Failed" if error else "Succeeded",
            "notificationResource": action,
            "publishedMessage": message,
            "error": error,
        }
        self._record(alarm, "Action", f"{outcome} action {action}", data)

    def items(
        self, alarm: str | None, kind: str | None, start: datetime | None, end: datetime | None
    ) -> list[dict[str, Any]]:
        """Return AlarmHistoryItems, oldest first; arguments that are None do not restrict them."""
        return [
            item
            for item in self._items
            if alarm in (None, item["AlarmName"])
            and kind in (None, item["HistoryItemType"])
            and (start is None or start <= item["Timestamp"])
            and (end is None or item["Timestamp"] <= end)
        ]

    def _record(self, alarm: Alarm, kind: str, summary: str, data: dict[str, Any]) -> None:
        self._items.append(
            {
                "AlarmName": alarm.name,
                "AlarmType": "CompositeAlarm" if alarm.rule else "MetricAlarm",
                "Timestamp": datetime.now(UTC),
                "HistoryItemType": kind,
                "HistorySummary": summary,
                "HistoryData": json.dumps(data),
            }
        )
