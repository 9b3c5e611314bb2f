"""What became of alarms: changes of state and the actions they led to, as DescribeAlarmHistory tells them."""

import json
from datetime import UTC, datetime
from typing import Any

from moto.cloudwatch.models import Alarm


class AlarmHistory:
    """The history of one account's alarms in a region; deleted alarms stay in it."""

    def __init__(self) -> None:
        self._items: list[dict[str, Any]] = []

    def note_change(self, alarm: Alarm, old: dict[str, str]) -> None:
        """Note a change from the `old` state to the one the alarm is in."""
        summary = f"Alarm updated from {old['stateValue']} to {alarm.state_value}"
        data = {"version": "1.0", "oldState": old, "newState": state_of(alarm)}
        self._note(alarm, "StateUpdate", summary, data)

    def note_action(self, alarm: Alarm, action: str, message: str, error: str | None) -> None:
        """Note that an action (its ARN) was carried out with a message, or what stood in its way."""
        outcome = "Failed to execute" if error else "Successfully executed"
        data = {
            "actionState": "Failed" if error else "Succeeded",
            "notificationResource": action,
            "publishedMessage": message,
            "error": error,
        }
        self._note(alarm, "Action", f"{outcome} action {action}", data)

    def items(
        self, alarm: str | None, kind: str | None, start: datetime | None, end: datetime | None
    ) -> list[dict[str, Any]]:
        """Return AlarmHistoryItems, the oldest first; None lets everything through."""
        return [
            item
            for item in self._items
            if alarm in (None, item["AlarmName"])
            and kind in (None, item["HistoryItemType"])
            and (start is None or start <= item["Timestamp"])
            and (end is None or item["Timestamp"] <= end)
        ]

    def _note(self, alarm: Alarm, kind: str, summary: str, data: dict[str, Any]) -> None:
        self._items.append(
            {
                "AlarmName": alarm.name,
                "AlarmType": "MetricAlarm",
                "Timestamp": datetime.now(UTC),
                "HistoryItemType": kind,
                "HistorySummary": summary,
                "HistoryData": json.dumps(data),
            }
        )


def state_of(alarm: Alarm) -> dict[str, str]:
    """Return the alarm's state in the words of its history."""
    return {"stateValue": alarm.state_value, "stateReason": alarm.state_reason}
