"""The texts of an alarm: the reason for its state, and the notification sent to SNS."""

import json
from collections.abc import Mapping, Sequence
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
    filled = len(evaluation.missing)
    if evaluation.state == "INSUFFICIENT_DATA":
        return f"Insufficient Data: {_were(filled, 'datapoint')} unknown."
    reported = _deciding(rule, evaluation)
    clauses = [_compared(rule, evaluation, reported)] if reported else []
    if not evaluation.evaluated:
        clauses.append(f"no datapoints were received for {_count(filled, 'period')}")
    if filled and rule.missing in _FILLED_AS:
        missing = _were(filled, "missing datapoint")
        clauses.append(f"{missing} treated as [{_FILLED_AS[rule.missing]}]")
    minimum = _minimum_clause(rule, evaluation) if reported and rule.datapoints_to_alarm else ""
    return f"Threshold Crossed: {' and '.join(clauses)}{minimum}."


def state_reason_data(
    watch: Watch, evaluation: Evaluation, counts: Mapping[int, float], now: datetime
) -> str:
    """Return an alarm's StateReasonData, JSON; `counts` are the samples of each point, of a single metric's alarm.

    As recorded from AWS, evaluatedDatapoints has only as many of the newest datapoints as the new state takes.
    """
    evaluated = evaluation.evaluated
    deciding = [
        {
            "timestamp": _time(at),
            **({"sampleCount": counts[at]} if at in counts else {}),
            "value": value,
        }
        for at, value in _deciding(watch.rule, evaluation)
    ]
    missing = [{"timestamp": _time(at)} for at in evaluation.missing]
    return json.dumps(
        {
            "version": "1.0",
            "queryDate": timestamp(now),
            **({"startDate": _time(evaluated[-1][0])} if evaluated else {}),
            **({"unit": watch.unit} if watch.unit else {}),
            **({"statistic": watch.statistic} if watch.statistic else {}),
            "period": watch.period,
            "recentDatapoints": [value for _, value in reversed(evaluated)],
            "threshold": watch.rule.threshold,
            "evaluatedDatapoints": [*deciding, *missing][: _minimum(watch.rule, evaluation)],
        },
        separators=(",", ":"),
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


def _point(point: Point) -> str:
    at, value = point
    return f"{value} ({datetime.fromtimestamp(at, UTC):%d/%m/%y %H:%M:%S})"


def _deciding(rule: Rule, evaluation: Evaluation) -> list[Point]:
    """Return the points on the side of the threshold that the new state is on; all of them for INSUFFICIENT_DATA."""
    if evaluation.state == "INSUFFICIENT_DATA":
        return list(evaluation.evaluated)
    alarm = evaluation.state == "ALARM"
    return [point for point in evaluation.evaluated if rule.breaches(point[1]) is alarm]


def _minimum(rule: Rule, evaluation: Evaluation) -> int:
    """Return how many datapoints the change to the new state takes."""
    if evaluation.state == "OK":
        return rule.evaluation_periods - rule.needed + 1
    return rule.needed if evaluation.state == "ALARM" else rule.evaluation_periods


def _compared(rule: Rule, evaluation: Evaluation, reported: Sequence[Point]) -> str:
    """Return the clause on datapoints; "out of the last" only if DatapointsToAlarm is configured."""
    number = len(reported)
    if rule.datapoints_to_alarm:
        subject = f"{number} out of the last {rule.evaluation_periods} datapoints"
    else:
        subject = _count(number, "datapoint")
    points = ", ".join(_point(point) for point in reported)
    negation = "" if evaluation.state == "ALARM" else "not "
    return (
        f"{subject} [{points}] {'was' if number == 1 else 'were'} {negation}"
        f"{_COMPARISON_WORDS[rule.comparison]} the threshold ({rule.threshold})"
    )


def _minimum_clause(rule: Rule, evaluation: Evaluation) -> str:
    change = "OK -> ALARM" if evaluation.state == "ALARM" else "ALARM -> OK"
    least = _count(_minimum(rule, evaluation), "datapoint")
    return f" (minimum {least} for {change} transition)"


def _time(second: int) -> str:
    return timestamp(datetime.fromtimestamp(second, UTC))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _were(number: int, noun: str) -> str:
    return f"{_count(number, noun)} {'was' if number == 1 else 'were'}"
