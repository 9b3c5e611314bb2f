"""The notification of an alarm for subscribers of an SNS topic."""

import json
from functools import cache
from typing import Any

from botocore.loaders import create_loader
from moto.cloudwatch.models import Alarm

from local_aws.cloudwatch.alarm_state import AlarmState
from local_aws.cloudwatch.queries import ExpressionQuery, Query, StatisticQuery
from local_aws.cloudwatch.times import timestamp
from local_aws.cloudwatch.watch import Watch

SUBJECT_LIMIT = 100


def notification(alarm: Alarm, account: str, old: AlarmState) -> tuple[str, str]:
    """Return the subject and the message (JSON) of the notification, after "Notifying users on alarm changes"."""
    region = region_name(alarm.region_name)
    message = {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": account,
        "AlarmConfigurationUpdatedTimestamp": timestamp(alarm.configuration_updated_timestamp),
        "NewStateValue": alarm.state_value,
        "NewStateReason": alarm.state_reason,
        "StateChangeTime": timestamp(alarm.state_updated_timestamp),
        "Region": region,
        "AlarmArn": alarm.alarm_arn,
        "OldStateValue": old.value,
        "OKActions": alarm.ok_actions,
        "AlarmActions": alarm.alarm_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
        **(_composite(alarm) if alarm.rule else {"Trigger": _trigger(alarm)}),
    }
    subject = f'{alarm.state_value}: "{alarm.name}" in {region}'
    return subject[: SUBJECT_LIMIT - 1], json.dumps(message)


@cache
def region_name(region: str) -> str:
    """Return the name of a region, such as `US East (N. Virginia)`, or its code if botocore does not know it."""
    for partition in create_loader().load_data("endpoints")["partitions"]:
        if region in partition["regions"]:
            return str(partition["regions"][region]["description"])
    return region


def _composite(alarm: Alarm) -> dict[str, Any]:
    """Return the members of a composite alarm's notification that replace Trigger."""
    triggering = json.loads(alarm.state_reason_data or "{}").get("triggeringAlarms", [])
    return {
        "AlarmRule": alarm.rule,
        "TriggeringChildren": [
            {
                "Arn": child["arn"],
                "State": {
                    "Value": child["state"]["value"],
                    "Timestamp": child["state"]["timestamp"],
                },
            }
            for child in triggering
        ],
    }


def _trigger(alarm: Alarm) -> dict[str, Any]:
    watch = Watch.of(alarm)
    common = {
        "Period": watch.period,
        "EvaluationPeriods": watch.rule.evaluation_periods,
        **(
            {"DatapointsToAlarm": watch.rule.datapoints_to_alarm}
            if watch.rule.datapoints_to_alarm
            else {}
        ),
        "ComparisonOperator": watch.rule.comparison,
        "Threshold": watch.rule.threshold,
        "TreatMissingData": alarm.treat_missing_data or "",
        "EvaluateLowSampleCountPercentile": alarm.evaluate_low_sample_count_percentile or "",
    }
    if alarm.metric_data_queries:
        return {**common, "Metrics": [_metric(query) for query in watch.queries]}
    if alarm.extended_statistic:
        statistic = {"StatisticType": "ExtendedStatistic", "ExtendedStatistic": watch.statistic}
    else:
        statistic = {"StatisticType": "Statistic", "Statistic": alarm.statistic.upper()}
    return {
        "MetricName": alarm.metric_name,
        "Namespace": alarm.namespace,
        **statistic,
        "Unit": alarm.unit,
        "Dimensions": _dimensions(watch.queries[0]),
        **common,
    }


def _metric(query: Query) -> dict[str, Any]:
    metric_query: dict[str, Any] = {"Id": query.id, "ReturnData": query.returned}
    if query.label:
        metric_query["Label"] = query.label
    if isinstance(query, ExpressionQuery):
        return {**metric_query, "Expression": query.expression}
    metric = {
        "Namespace": query.metric.namespace,
        "MetricName": query.metric.name,
        "Dimensions": _dimensions(query),
    }
    return {
        **metric_query,
        "MetricStat": {"Metric": metric, "Period": query.period, "Stat": query.statistic},
    }


def _dimensions(query: Query) -> list[dict[str, str]]:
    dimensions = query.metric.dimensions if isinstance(query, StatisticQuery) else ()
    return [{"value": value, "name": name} for name, value in dimensions]
