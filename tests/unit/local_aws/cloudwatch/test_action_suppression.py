"""When a composite alarm's actions run, after "Suppressing composite alarm actions" in the CloudWatch guide."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from local_aws.cloudwatch.action_suppression import hold_back, released
from local_aws.cloudwatch.alarm_state import AlarmState

START = datetime(2026, 11, 22, 21, 36, tzinfo=UTC)
OLD = AlarmState("OK", "fine", None, START)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def changed(seconds: float = 0, state: str = "ALARM") -> Any:
    """Return an alarm that changed at a time; it waits for 60 seconds, and for 120 after its suppressor."""
    alarm = SimpleNamespace(
        state_value=state,
        state_transitioned_timestamp=at(seconds),
        actions_suppressor="deployment",
        actions_suppressor_wait_period=60,
        actions_suppressor_extension_period=120,
    )
    hold_back(alarm, OLD)
    return alarm


def suppressor(state: str, left: float | None = None) -> dict[str, Any]:
    left_alarm = None if left is None else at(left)
    return {"deployment": SimpleNamespace(state_value=state, left_alarm=left_alarm)}


@pytest.mark.parametrize(
    ("state", "left", "now", "by"),
    [
        ("OK", None, 59, "WaitPeriod"),
        ("OK", None, 60, None),
        ("ALARM", None, 3600, "Alarm"),
        ("OK", 30, 149, "ExtensionPeriod"),
        ("OK", 30, 150, None),
        # It left ALARM long before the change
        ("OK", -1000, 59, "WaitPeriod"),
        ("OK", -100, 10, "ExtensionPeriod"),
    ],
)
def test_what_holds_actions_back(
    state: str, left: float | None, now: float, by: str | None
) -> None:
    # Given an alarm that went into ALARM, and the state of its suppressor
    alarm = changed()

    # When so many seconds have passed
    old = released(alarm, suppressor(state, left), at(now))

    # Then its actions run, or are suppressed by what AWS names
    assert old == (None if by else OLD)
    assert alarm.actions_suppressed_by == by


def test_actions_run_once_and_for_the_state_at_that_time() -> None:
    # Given an alarm that changed twice while its actions were held back, to the state that it had
    alarm = changed()
    alarm.state_value = "OK"
    hold_back(alarm, AlarmState("ALARM", "raised", None, START))

    # When nothing suppresses them any longer, then there is nothing to run, now and later
    assert released(alarm, {}, at(60)) is None
    alarm.state_value = "ALARM"
    assert released(alarm, {}, at(61)) is None


def test_without_the_suppressor_actions_run_at_once() -> None:
    # Given an alarm whose suppressor was deleted, when it changes, then its actions run
    assert released(changed(), {}, at(0)) == OLD
