"""The local CloudWatch computes metric math, stores metric data and applies metric filters."""

import json
import time
import uuid
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
