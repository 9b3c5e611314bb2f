"""The texts of an alarm: the reason for its state, and the notification sent to SNS."""

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

from botocore.loaders import create_loader
from moto.cloudwatch.models import Alarm

from local_aws.cloudwatch.alarm_rules import Evaluation, Point, Rule
from local_aws.cloudwatch.queries import ExpressionQuery, Query, StatisticQuery
from local_aws.cloudwatch.watch import Watch

SUBJECT_LIMIT = 100
_COMPARISON_WORDS = {
    "GreaterThanOrEqualToThreshold": "greater than or equal to",
    "GreaterThanThreshold": "greater than",
    "LessThanThreshold": "less than",
    "LessThanOrEqualToThreshold": "less than or equal to",
}
_FILLED_AS = {"breaching": "Breaching", "notBreaching": "NonBreaching"}


def state_reason(rule: Rule, evaluation: Evaluation) -> str:
    """Return an alarm's StateReason for an evaluation that sets a state."""
    if evaluation.state == "INSUFFICIENT_DATA":
        return f"Insufficient Data: {_were(evaluation.filled, 'datapoint')} unknown."
    alarm = evaluation.state == "ALARM"
    reported = [point for point in evaluation.evaluated if rule.breaches(point[1]) is alarm]
    clauses = []
    if reported:
        clauses.append(
            f"{len(reported)} out of the last {rule.evaluation_periods} datapoints "
            f"[{', '.join(_point(point) for point in reported)}] {'was' if len(reported) == 1 else 'were'} "
            f"{'' if alarm else 'not '}{_COMPARISON_WORDS[rule.comparison]} the threshold ({rule.threshold})"
        )
    if not evaluation.evaluated:
        clauses.append(f"no datapoints were received for {_count(evaluation.filled, 'period')}")
    if evaluation.filled and rule.missing in _FILLED_AS:
        missing = _were(evaluation.filled, "missing datapoint")
        clauses.append(f"{missing} treated as [{_FILLED_AS[rule.missing]}]")
    return f"Threshold Crossed: {' and '.join(clauses)}{_minimum(rule, alarm=alarm) if reported else ''}."


def state_reason_data(watch: Watch, evaluation: Evaluation, now: datetime) -> str:
    """Return an alarm's StateReasonData, JSON."""
    return json.dumps(
        {
            "version": "1.0",
            "queryDate": timestamp(now),
            **({"statistic": watch.statistic} if watch.statistic else {}),
            "period": watch.period,
            "recentDatapoints": [value for _, value in reversed(evaluation.evaluated)],
            "threshold": watch.rule.threshold,
            "evaluatedDatapoints": [
                {"timestamp": timestamp(datetime.fromtimestamp(at, UTC)), "value": value}
                for at, value in evaluation.evaluated
            ],
        }
    )


def notification(alarm: Alarm, account: str, old_state: str) -> tuple[str, str]:
    """Return the subject and message (JSON) of a notification, as in "Notifying users on alarm changes"."""
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
        "OldStateValue": old_state,
        "OKActions": alarm.ok_actions,
        "AlarmActions": alarm.alarm_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
        "Trigger": _trigger(alarm),
    }
    subject = f'{alarm.state_value}: "{alarm.name}" in {region}'
    return subject[: SUBJECT_LIMIT - 1], json.dumps(message)


@cache
def region_name(region: str) -> str:
    """Return a region's name, such as `US East (N. Virginia)`; its code if botocore has no name for it."""
    for partition in create_loader().load_data("endpoints")["partitions"]:
        if region in partition["regions"]:
            return str(partition["regions"][region]["description"])
    return region


def timestamp(moment: datetime) -> str:
    """Format a time as CloudWatch does in its JSON; moto's naive times are UTC."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}+0000"


def _trigger(alarm: Alarm) -> dict[str, Any]:
    watch = Watch.of(alarm)
    common = {
        "Period": watch.period,
        "EvaluationPeriods": watch.rule.evaluation_periods,
        "DatapointsToAlarm": watch.rule.datapoints_to_alarm,
        "ComparisonOperator": watch.rule.comparison,
        "Threshold": watch.rule.threshold,
        "TreatMissingData": watch.rule.missing,
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


def _point(point: Point) -> str:
    at, value = point
    return f"{value} ({datetime.fromtimestamp(at, UTC):%d/%m/%y %H:%M:%S})"


def _minimum(rule: Rule, *, alarm: bool) -> str:
    """Return the clause on how many datapoints the transition takes."""
    to_alarm = rule.datapoints_to_alarm
    minimum = to_alarm if alarm else rule.evaluation_periods - to_alarm + 1
    change = "OK -> ALARM" if alarm else "ALARM -> OK"
    return f" (minimum {_count(minimum, 'datapoint')} for {change} transition)"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _were(number: int, noun: str) -> str:
    return f"{_count(number, noun)} {'was' if number == 1 else 'were'}"
