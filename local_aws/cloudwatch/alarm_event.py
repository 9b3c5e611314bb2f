"""The event that an alarm sends to Lambda functions, as recorded from AWS."""

import json
import uuid
from typing import Any

from moto.cloudwatch.models import Alarm

from local_aws.cloudwatch.alarm_state import AlarmState
from local_aws.cloudwatch.queries import ExpressionQuery, Query
from local_aws.cloudwatch.times import timestamp
from local_aws.cloudwatch.watch import Watch


def event(alarm: Alarm, account: str, old: AlarmState) -> bytes:
    """Return the event, in JSON, of a change from the `old` state to the alarm's current one."""
    state = AlarmState.of(alarm)
    return json.dumps(
        {
            "source": "aws.cloudwatch",
            "alarmArn": alarm.alarm_arn,
            "accountId": account,
            "time": timestamp(state.updated),
            "region": alarm.region_name,
            "alarmData": {
                "alarmName": alarm.name,
                "state": state.in_event(),
                "previousState": old.in_event(),
                "configuration": _configuration(alarm),
            },
        }
    ).encode()


def _configuration(alarm: Alarm) -> dict[str, Any]:
    description = {"description": alarm.description} if alarm.description else {}
    if alarm.rule:
        return {**description, "alarmRule": alarm.rule}
    # As in AWS, the query of an alarm on a single metric has a random id.
    single = None if alarm.metric_data_queries else str(uuid.uuid4())
    return {**description, "metrics": [_metric(query, single) for query in Watch.of(alarm).queries]}


def _metric(query: Query, identity: str | None) -> dict[str, Any]:
    label = {"label": query.label} if query.label else {}
    common = {"id": identity or query.id, **label, "returnData": query.returned}
    if isinstance(query, ExpressionQuery):
        return {**common, "expression": query.expression}
    metric = {
        "namespace": query.metric.namespace,
        "name": query.metric.name,
        "dimensions": dict(query.metric.dimensions),
    }
    unit = {"unit": query.unit} if query.unit else {}
    return {
        **common,
        "metricStat": {
            "metric": metric,
            "period": query.period,
            "stat": query.statistic,
            **unit,
        },
    }
