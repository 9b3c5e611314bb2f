"""The configuration of an alarm as its history contains it, recorded from AWS."""

from typing import Any

from moto.cloudwatch.models import Alarm

from local_aws.cloudwatch.times import timestamp


def configuration_of(alarm: Alarm) -> dict[str, Any]:
    """Return the configuration and the state of an alarm, without settings that are not configured."""
    settings = {
        "alarmDescription": alarm.description,
        "alarmRule": alarm.rule,
        "namespace": alarm.namespace,
        "metricName": alarm.metric_name,
        "statistic": alarm.statistic,
        "extendedStatistic": alarm.extended_statistic,
        "unit": alarm.unit,
        "period": alarm.period,
        "dimensions": None if alarm.metric_name is None else _dimensions(alarm),
        "threshold": alarm.threshold,
        "comparisonOperator": alarm.comparison_operator,
        "evaluationPeriods": alarm.evaluation_periods,
        "datapointsToAlarm": alarm.datapoints_to_alarm,
        "treatMissingData": alarm.treat_missing_data,
    }
    return {
        "alarmName": alarm.name,
        "alarmArn": alarm.alarm_arn,
        "alarmConfigurationUpdatedTimestamp": timestamp(alarm.configuration_updated_timestamp),
        **{name: value for name, value in settings.items() if value is not None},
        "stateValue": alarm.state_value,
        "stateUpdatedTimestamp": timestamp(alarm.state_updated_timestamp),
        "actionsEnabled": alarm.actions_enabled,
        "alarmActions": alarm.alarm_actions,
        "insufficientDataActions": alarm.insufficient_data_actions,
        "okactions": alarm.ok_actions,
    }


def _dimensions(alarm: Alarm) -> list[dict[str, str]]:
    return [{"value": each.value, "name": each.name} for each in alarm.dimensions]
