"""An alarm's state at one time, which its history, its notifications and its events report."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moto.cloudwatch.models import Alarm

from local_aws.cloudwatch.times import timestamp


@dataclass(frozen=True)
class AlarmState:
    """A state value, its reason and StateReasonData (JSON), and when it was set."""

    value: str
    reason: str
    reason_data: str | None
    updated: datetime

    @classmethod
    def of(cls, alarm: Alarm) -> "AlarmState":
        """Return the state that an alarm is in."""
        return cls(
            alarm.state_value,
            alarm.state_reason,
            alarm.state_reason_data,
            alarm.state_updated_timestamp,
        )

    def in_history(self) -> dict[str, Any]:
        """Return the state as DescribeAlarmHistory has it."""
        data = {"stateReasonData": json.loads(self.reason_data)} if self.reason_data else {}
        return {"stateValue": self.value, "stateReason": self.reason, **data}

    def in_event(self) -> dict[str, Any]:
        """Return the state as an alarm's event has it."""
        data = {"reasonData": self.reason_data} if self.reason_data else {}
        return {
            "value": self.value,
            "reason": self.reason,
            **data,
            "timestamp": timestamp(self.updated),
        }
