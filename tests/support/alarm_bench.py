"""A CloudWatch for one test, with a clock that the test sets."""

import json
from dataclasses import dataclass, field
from typing import Any

from moto.cloudwatch.models import Dimension, MetricDataQuery, MetricStat
from moto.cloudwatch.models import Metric as MotoMetric
from moto.sns.models import sns_backends

from local_aws.cloudwatch.alarms import AlarmEvaluator
from local_aws.cloudwatch.metrics import Datum, Metric
from local_aws.cloudwatch.service import CloudWatch

REGION = "eu-west-1"
NOON = 1_795_262_400
DIMENSIONS = [{"Name": "FunctionName", "Value": "f"}]
DEFAULTS = {
    "namespace": "AWS/Lambda",
    "metric_name": "Errors",
    "comparison_operator": "GreaterThanThreshold",
    "evaluation_periods": 1,
    "period": 60,
    "threshold": 0.0,
    "statistic": "Sum",
    "description": "any error",
    "dimensions": DIMENSIONS,
    "alarm_actions": [],
    "treat_missing_data": "notBreaching",
}


@dataclass
class Bench:
    """A CloudWatch of an account of its own, an SNS topic there, and a clock."""

    account: str
    now: float = NOON
    cloudwatch: CloudWatch = field(init=False)
    topic: Any = field(init=False)

    def __post_init__(self) -> None:
        self.cloudwatch = CloudWatch(REGION, self.account)
        self.topic = sns_backends[self.account][REGION].create_topic("oncall")
        self.evaluator = AlarmEvaluator(lambda: [self.cloudwatch], lambda: self.now)

    def alarm(self, name: str = "errors", **configuration: Any) -> Any:
        return self.cloudwatch.put_metric_alarm(name, **{**DEFAULTS, **configuration})

    def put(self, name: str, value: float, count: float = 1, at: float | None = None) -> None:
        metric = Metric.of("AWS/Lambda", name, DIMENSIONS)
        second = int(self.now if at is None else at)
        self.cloudwatch.metrics.put([Datum.of(metric, second, value, "Count", count)])

    def state(self, after_s: float = 0, name: str = "errors") -> str:
        """Advance the clock, evaluate all alarms, and return the alarm's state."""
        self.now += after_s
        self.evaluator.evaluate()
        return str(self.cloudwatch.alarms[name].state_value)

    def changes(self) -> list[str]:
        items = self.cloudwatch.alarm_history.items(None, "StateUpdate", None, None)
        return [item["HistorySummary"] for item in items]

    def sent(self) -> list[dict[str, Any]]:
        return [json.loads(message) for _, message, *_ in self.topic.sent_notifications]


def math(expression: str, **metrics: str) -> dict[str, Any]:
    """Return the configuration of an alarm on an expression over sums of metrics, as moto stores it."""
    dimensions = [Dimension(each["Name"], each["Value"]) for each in DIMENSIONS]
    queries = [MetricDataQuery("result", "rate", None, True, expression)]
    for name, metric in metrics.items():
        stat = MetricStat(MotoMetric(metric, "AWS/Lambda", dimensions), 60, "Sum", None)
        queries.append(MetricDataQuery(name, "", None, False, None, stat))
    return {
        "metric_data_queries": queries,
        "metric_name": None,
        "namespace": None,
        "statistic": None,
        "period": None,
        "dimensions": [],
    }
