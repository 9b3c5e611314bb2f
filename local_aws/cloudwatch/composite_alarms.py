"""Composite alarms: PutCompositeAlarm, and their state, which depends on other alarms."""

import json
from collections.abc import Mapping
from typing import Any

from moto.cloudwatch.exceptions import ValidationError
from moto.cloudwatch.models import Alarm
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult, EmptyResult

from local_aws.cloudwatch import action_suppression
from local_aws.cloudwatch.alarm_state import AlarmState
from local_aws.cloudwatch.composite_rule import RuleError, parse_rule
from local_aws.cloudwatch.service import CloudWatch
from local_aws.cloudwatch.times import timestamp

_TYPES = ("MetricAlarm", "CompositeAlarm")
_describe_alarms = CloudWatchResponse.describe_alarms
# The arguments of moto's alarms that composite alarms do not have.
NO_METRIC: Mapping[str, Any] = {
    "namespace": None,
    "metric_name": None,
    "comparison_operator": None,
    "evaluation_periods": None,
    "period": None,
    "threshold": None,
    "statistic": None,
    "dimensions": [],
}


def put_composite_alarm(response: CloudWatchResponse) -> EmptyResult:
    """Handle PutCompositeAlarm, which moto lacks; the alarm is evaluated at once. Raises ValidationError."""
    params = response._get_params()
    backend: CloudWatch = response.cloudwatch_backend
    _check(backend, params["AlarmRule"])
    is_new = params["AlarmName"] not in backend.alarms
    enabled = params.get("ActionsEnabled")
    alarm = backend.put_metric_alarm(
        params["AlarmName"],
        **NO_METRIC,
        description=params.get("AlarmDescription"),
        alarm_actions=params.get("AlarmActions") or [],
        ok_actions=params.get("OKActions") or [],
        insufficient_data_actions=params.get("InsufficientDataActions") or [],
        actions_enabled=True if enabled is None else enabled,
        rule=params["AlarmRule"],
        tags=params.get("Tags") or [],
    )
    alarm.alarm_rule = alarm.rule
    action_suppression.configure(alarm, params, backend.alarms)
    if is_new:
        value = _value(backend, alarm)
        reason = f"{alarm.alarm_arn} was created and its alarm rule evaluates to {value}"
        backend.set_alarm_state(alarm.name, reason, _reason_data([]), value)
    return EmptyResult()


def describe_alarms(response: CloudWatchResponse) -> ActionResult:
    """Handle DescribeAlarms as moto does, but return composite alarms only if AlarmTypes names them."""
    types = response._get_param("AlarmTypes") or ["MetricAlarm"]
    result = _describe_alarms(response).result
    return ActionResult(
        {f"{kind}s": result[f"{kind}s"] if kind in types else [] for kind in _TYPES}
    )


def evaluate_composite(backend: CloudWatch, alarm: Alarm) -> bool:
    """Update a composite alarm; returns whether its state changed."""
    value = _value(backend, alarm)
    if value == alarm.state_value or backend.alarms.get(alarm.name) is not alarm:
        return False
    names = parse_rule(alarm.rule).alarms
    children = [backend.alarms[name] for name in names if name in backend.alarms]
    newest = sorted(children, key=lambda child: child.state_updated_timestamp)[-1:]
    reason = f"{alarm.alarm_arn} was updated and its alarm rule evaluates to {value}"
    for child in newest:
        at = f"{child.state_updated_timestamp:%A %d %B, %Y %H:%M:%S} UTC"
        reason = f"{child.alarm_arn} transitioned to {child.state_value} at {at}"
    backend.set_alarm_state(alarm.name, reason, _reason_data(newest), value)
    return True


def _check(backend: CloudWatch, rule: str) -> None:
    try:
        names = parse_rule(rule).alarms
    except RuleError as error:
        raise ValidationError(f"Could not save the composite alarm: {error}.") from error
    unknown = [name for name in names if name not in backend.alarms]
    if unknown:
        raise ValidationError(
            f"Could not save the composite alarm as alarms [{', '.join(unknown)}] in the alarm rule do not exist"
        )


def _value(backend: CloudWatch, alarm: Alarm) -> str:
    states = {name: other.state_value for name, other in list(backend.alarms.items())}
    return "ALARM" if parse_rule(alarm.rule).holds(states) else "OK"


def _reason_data(triggering: list[Alarm]) -> str:
    states = [(alarm.alarm_arn, AlarmState.of(alarm)) for alarm in triggering]
    return json.dumps(
        {
            "triggeringAlarms": [
                {
                    "arn": arn,
                    "state": {"value": state.value, "timestamp": timestamp(state.updated)},
                }
                for arn, state in states
            ]
        },
        separators=(",", ":"),
    )
