"""The state of an alarm at one time, for its history, notifications and events."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moto.cloudwatch.models import Alarm

from local_aws.cloudwatch.times import timestamp


@dataclass(frozen=True)
class AlarmState:
    """A state value, its reason, its StateReasonData (JSON), and when it was set."""

    value: str
    reason: str
    reason_data: str | None
    updated: datetime

    @classmethod
    def of(cls, alarm: Alarm) -> "AlarmState":
        """Return the current state of an alarm."""
        return cls(
            alarm.state_value,
            alarm.state_reason,
            alarm.state_reason_data,
            alarm.state_updated_timestamp,
        )

    def in_history(self) -> dict[str, Any]:
        """Return the state for DescribeAlarmHistory."""
        data = {"stateReasonData": json.loads(self.reason_data)} if self.reason_data else {}
        return {"stateValue": self.value, "stateReason": self.reason, **data}

    def in_event(self) -> dict[str, Any]:
        """Return the state for an event."""
        data = {"reasonData": self.reason_data} if self.reason_data else {}
        return {
            "value": self.value,
            "reason": self.reason,
            **data,
            "timestamp": timestamp(self.updated),
        }
