"""The local CloudWatch computes metric math, stores metric data and applies metric filters."""

import json
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.deployed import Client, Deploy
from tests.support.metric_queries import dimensions, query, window


def test_metric_math_answers_in_the_order_of_the_queries(deploy: Deploy, client: Client) -> None:
    # Given a function that failed once in four
    function = deploy("probe.py")
    for event in (None, None, None, {"do": "raise"}):
        function.invoke(event)
    of = {"FunctionName": function.name}

    # When its success rate is queried, as the console does
    answer = client("cloudwatch").get_metric_data(
        MetricDataQueries=[
            {"Id": "success", "Expression": "100 - 100 * errors / MAX([errors, invocations])"},
            {**query("errors", "Errors", "Sum", **of), "ReturnData": False},
            {**query("invocations", "Invocations", "Sum", **of), "Label": "Requests"},
        ],
        **window(),
    )["MetricDataResults"]

    # Then the expression is computed, and queries without ReturnData are left out
    assert [(result["Label"], result["Values"]) for result in answer] == [
        ("success", [75]),
        ("Requests", [4]),
    ]


@pytest.mark.parametrize("unsupported", [{"Expression": "RATE(x)"}, query("q", "Errors", "tm90")])
def test_what_the_local_cloudwatch_cannot_compute_is_a_validation_error(
    client: Client, unsupported: dict[str, Any]
) -> None:
    # Given a query that AWS supports and the local CloudWatch does not
    # When it is sent
    with pytest.raises(ClientError) as refusal:
        client("cloudwatch").get_metric_data(
            MetricDataQueries=[{"Id": "q", **unsupported}], **window()
        )

    # Then the error lists the supported ones
    assert refusal.value.response["Error"]["Code"] == "ValidationError"
    assert "The local CloudWatch has no" in refusal.value.response["Error"]["Message"]


def test_put_metric_data_is_returned_as_statistics(client: Client) -> None:
    # Given a namespace of its own
    namespace = f"Test/{uuid.uuid4().hex}"
    cloudwatch = client("cloudwatch")

    # When a value, values with counts and a statistic set are put
    statistic_set = {"Minimum": 1, "Maximum": 5, "Sum": 6, "SampleCount": 2}
    for data in (
        {"Value": 3},
        {"Values": [1, 2], "Counts": [2, 1]},
        {"StatisticValues": statistic_set},
    ):
        cloudwatch.put_metric_data(
            Namespace=namespace, MetricData=[{"MetricName": "Size", "Unit": "Bytes", **data}]
        )

    # Then the statistics cover all of them
    series = {"Namespace": namespace, "MetricName": "Size", "Period": 3600, **window()}
    [datapoint] = cloudwatch.get_metric_statistics(
        **series, Statistics=["Sum", "SampleCount", "Minimum", "Maximum"]
    )["Datapoints"]
    assert datapoint["Unit"] == "Bytes"
    assert [datapoint[name] for name in ("Sum", "SampleCount", "Minimum", "Maximum")] == [
        13,
        6,
        1,
        5,
    ]


@dataclass(frozen=True)
class Series:
    """A metric of a namespace of its own."""

    cloudwatch: Any
    namespace: str

    def put(self, *data: dict[str, Any]) -> None:
        self.cloudwatch.put_metric_data(
            Namespace=self.namespace, MetricData=[{"MetricName": "Size", **each} for each in data]
        )

    def query(self, identity: str, statistic: str, period: int, **more: Any) -> dict[str, Any]:
        metric = {"Namespace": self.namespace, "MetricName": "Size"}
        return {
            "Id": identity,
            "MetricStat": {"Metric": metric, "Period": period, "Stat": statistic, **more},
        }

    def get(self, *queries: dict[str, Any], **options: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.cloudwatch.get_metric_data(
            MetricDataQueries=list(queries), **{**window(), **options}
        )
        return answer


@pytest.fixture
def series(client: Client) -> Series:
    return Series(client("cloudwatch"), f"Test/{uuid.uuid4().hex}")


def test_a_query_without_a_unit_uses_one_and_says_that_there_are_more(series: Series) -> None:
    # Given data in two units
    series.put({"Value": 60, "Unit": "Seconds"}, {"Value": 60_000, "Unit": "Milliseconds"})

    # When it is queried without a unit, and with one
    without, with_unit = series.get(
        series.query("a", "Sum", 3600), series.query("b", "Sum", 3600, Unit="Seconds")
    )["MetricDataResults"]

    # Then the first in the alphabet is used, and a message lists them
    assert without["Values"] == [60_000]
    assert without["Messages"] == [
        {"Code": "MultipleUnits", "Value": "Multiple units returned: '[Milliseconds, Seconds]'"}
    ]
    assert with_unit["Values"] == [60]
    assert with_unit.get("Messages", []) == []


@pytest.mark.parametrize(
    ("pairs", "labels"),
    [
        ([("Sum", 60), ("Minimum", 30)], ["Size Sum 60", "Size Minimum 30"]),
        ([("Sum", 60), ("Minimum", 60)], ["Size Sum", "Size Minimum"]),
        ([("Sum", 60), ("Sum", 30)], ["Size 60", "Size 30"]),
        ([("Sum", 60), ("Sum", 60)], ["Size", "Size"]),
    ],
)
def test_queries_of_one_metric_have_labels_that_tell_them_apart(
    series: Series, pairs: list[tuple[str, int]], labels: list[str]
) -> None:
    # Given queries of one metric without labels
    queries = [series.query(f"q{n}", *pair) for n, pair in enumerate(pairs)]

    # When they are sent
    results = series.get(*queries)["MetricDataResults"]

    # Then each label has what differs, as recorded from AWS
    assert [result["Label"] for result in results] == labels


def test_data_comes_in_pages_of_max_datapoints(series: Series) -> None:
    # Given a metric with eight datapoints
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    series.put(*({"Value": n, "Timestamp": now - timedelta(minutes=n)} for n in range(8)))
    queries = [series.query("a", "Sum", 60), series.query("b", "Maximum", 60)]
    fixed = {"StartTime": now - timedelta(minutes=9), "EndTime": now + timedelta(minutes=1)}

    # When two statistics are read in pages of five
    pages = [series.get(*queries, MaxDatapoints=5, **fixed)]
    while token := pages[-1].get("NextToken"):
        pages.append(series.get(*queries, MaxDatapoints=5, NextToken=token, **fixed))

    # Then each page has five, and all together have every point once
    read = [
        [
            (result["Id"], value)
            for result in page["MetricDataResults"]
            for value in result["Values"]
        ]
        for page in pages
    ]
    assert [len(page) for page in read] == [5, 5, 5, 1]
    assert [point for page in read for point in page] == [
        (name, value) for name in "ab" for value in range(8)
    ]
    assert pages[0]["MetricDataResults"][0]["StatusCode"] == "PartialData"


def test_too_many_statistics_are_refused(series: Series) -> None:
    # Given a query of a day by the second, when it is sent, then the error says what the limit is
    now = datetime.now(UTC)
    with pytest.raises(ClientError) as refusal:
        series.cloudwatch.get_metric_statistics(
            Namespace=series.namespace,
            MetricName="Size",
            Period=1,
            Statistics=["Sum"],
            StartTime=now - timedelta(days=1),
            EndTime=now,
        )
    error = refusal.value.response["Error"]
    assert error["Code"] == "InvalidParameterCombination"
    assert "up to 86,400 datapoints, which exceeds the limit of 1,440" in error["Message"]


def test_putting_metrics_in_an_aws_namespace_is_refused(client: Client) -> None:
    # Given a client
    # When it puts a metric of DynamoDB's own
    with pytest.raises(ClientError) as refusal:
        client("cloudwatch").put_metric_data(
            Namespace="AWS/DynamoDB", MetricData=[{"MetricName": "SystemErrors", "Value": 1}]
        )

    # Then the error is AWS's
    error = refusal.value.response["Error"]
    assert error["Code"] == "InvalidParameterValue"
    assert error["Message"] == "The value AWS/DynamoDB for parameter Namespace is invalid."


def test_metric_filters_apply_to_what_the_function_logs(deploy: Deploy, client: Client) -> None:
    # Given a function with JSON logs, and a filter on a field of them
    function = deploy("probe.py", LoggingConfig={"LogFormat": "JSON"})
    namespace = f"Test/{function.name}"
    client("logs").put_metric_filter(
        logGroupName=function.log_group,
        filterName="unicorns",
        filterPattern='{ $.unicorn = "Roc*" && $.level = "WARN*" }',
        metricTransformations=[
            {
                "metricNamespace": namespace,
                "metricName": "Unicorns",
                "metricValue": "1",
                "dimensions": {"Unicorn": "$.unicorn"},
            }
        ],
    )

    # When the function logs such a line in each of two requests, and another client writes one
    function.invoke({"do": "log", "lines": ["text"]})
    function.invoke({"do": "log", "lines": []})
    line = {"unicorn": "Rocinante", "level": "WARN"}
    client("logs").create_log_stream(logGroupName=function.log_group, logStreamName="other")
    client("logs").put_log_events(
        logGroupName=function.log_group,
        logStreamName="other",
        logEvents=[{"timestamp": int(time.time() * 1000), "message": json.dumps(line)}],
    )

    # Then three were counted
    [datapoint] = client("cloudwatch").get_metric_statistics(
        Namespace=namespace,
        MetricName="Unicorns",
        Dimensions=dimensions(Unicorn="Rocinante"),
        Period=3600,
        Statistics=["Sum"],
        **window(),
    )["Datapoints"]
    assert datapoint["Sum"] == 3
