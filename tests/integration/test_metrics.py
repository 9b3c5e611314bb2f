"""The local CloudWatch has what Lambda, DynamoDB and metric filters publish, for any client of the API."""

import json
import time
import uuid
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from botocore.exceptions import ClientError
from deployed import Client, Deployed

Deploy = Callable[..., Deployed]


def window() -> dict[str, datetime]:
    """Return a time range that holds whatever a test has just done, and the minute under way."""
    now = datetime.now(UTC)
    return {"StartTime": now - timedelta(minutes=10), "EndTime": now + timedelta(minutes=1)}


def dimensions(**values: str) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in values.items()]


def query(identity: str, name: str, statistic: str, **of: str) -> dict[str, Any]:
    """Ask for a statistic of a Lambda metric; an hour's period, for one point unless the hour turns."""
    metric = {"Namespace": "AWS/Lambda", "MetricName": name, "Dimensions": dimensions(**of)}
    return {
        "Id": identity,
        "MetricStat": {"Metric": metric, "Period": 3600, "Stat": statistic},
    }


def total(client: Client, name: str, statistic: str = "Sum", **of: str) -> float | None:
    """Return a statistic of a Lambda metric over the last minutes; None if it has no data."""
    asked = [query("q", name, statistic, **of)]
    [result] = client("cloudwatch").get_metric_data(MetricDataQueries=asked, **window())[
        "MetricDataResults"
    ]
    return sum(result["Values"]) if result["Values"] else None


def wait_for(look: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not look() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert look()


def test_each_invocation_is_counted_with_its_outcome_and_duration(
    deploy: Deploy, client: Client
) -> None:
    # Given a function
    function = deploy("probe.py", Timeout=4)

    # When it succeeds twice, raises, times out and crashes
    sleeps = [{"do": "sleep", "seconds": seconds} for seconds in (0.2, 30)]
    for event in (None, sleeps[0], {"do": "raise"}, sleeps[1], {"do": "exit"}):
        function.invoke(event)

    # Then all are invocations, three are errors, and their durations have every statistic
    of = {"FunctionName": function.name}
    assert total(client, "Invocations", **of) == 5
    assert total(client, "Errors", **of) == 3
    assert total(client, "Errors", "SampleCount", **of) == 5
    assert total(client, "Throttles", **of) == 0
    assert total(client, "ConcurrentExecutions", "Maximum", **of) == 1
    assert total(client, "Duration", "Maximum", **of) == 4000
    assert total(client, "Duration", "p99", **of) == 4000
    minimum, median = (total(client, "Duration", name, **of) for name in ("Minimum", "p50"))
    assert minimum is not None
    assert median is not None
    assert 0 < minimum <= median < 4000


def test_metrics_have_lambdas_units_and_dimensions_each_once(
    deploy: Deploy, client: Client
) -> None:
    # Given a function that was called twice
    function = deploy("probe.py")
    function.invoke()
    function.invoke()

    # When its metrics are listed
    cloudwatch = client("cloudwatch")
    listed = cloudwatch.list_metrics(
        Namespace="AWS/Lambda", Dimensions=dimensions(FunctionName=function.name)
    )["Metrics"]

    # Then each is there once, and across all functions too, in Lambda's units
    assert sorted(metric["MetricName"] for metric in listed) == [
        "ConcurrentExecutions",
        "Duration",
        "Errors",
        "Invocations",
        "Throttles",
    ]
    assert (total(client, "Invocations") or 0) >= 2
    units = {
        name: cloudwatch.get_metric_statistics(
            Namespace="AWS/Lambda",
            MetricName=name,
            Dimensions=dimensions(FunctionName=function.name),
            Period=3600,
            Statistics=["Sum", "SampleCount"],
            **window(),
        )["Datapoints"][0]["Unit"]
        for name in ("Invocations", "Duration")
    }
    assert units == {"Invocations": "Count", "Duration": "Milliseconds"}


def test_a_throttled_request_is_a_throttle_and_no_invocation(
    deploy: Deploy, client: Client
) -> None:
    # Given a function that may not run at all
    function = deploy("probe.py")
    client("lambda").put_function_concurrency(
        FunctionName=function.name, ReservedConcurrentExecutions=0
    )

    # When it is called
    with pytest.raises(ClientError, match="Rate Exceeded"):
        function.invoke()

    # Then that counts as a throttle alone
    of = {"FunctionName": function.name}
    assert total(client, "Throttles", **of) == 1
    assert total(client, "Invocations", **of) is None
    assert total(client, "Errors", **of) is None


def test_requests_at_once_are_concurrent_executions(deploy: Deploy, client: Client) -> None:
    # Given a function
    function = deploy("probe.py", Timeout=20)

    # When three requests run at once
    with ThreadPoolExecutor(3) as callers:
        list(callers.map(function.invoke, [{"do": "sleep", "seconds": 2}] * 3))

    # Then the maximum says three
    assert total(client, "ConcurrentExecutions", "Maximum", FunctionName=function.name) == 3


def test_a_version_and_an_alias_have_metrics_of_their_own(deploy: Deploy, client: Client) -> None:
    # Given a function with a version and an alias for it
    function = deploy("probe.py")
    lambda_ = client("lambda")
    version = lambda_.publish_version(FunctionName=function.name)["Version"]
    lambda_.create_alias(FunctionName=function.name, Name="live", FunctionVersion=version)

    # When it is called by each, and by its name
    for qualifier in ({"Qualifier": version}, {"Qualifier": "live"}, {}):
        function.invoke(**qualifier)

    # Then the function counts all, each resource its own, and the alias also by what it executed
    name = {"FunctionName": function.name}
    alias = {**name, "Resource": f"{function.name}:live"}
    assert total(client, "Invocations", **name) == 3
    assert total(client, "Invocations", **name, Resource=f"{function.name}:{version}") == 1
    assert total(client, "Invocations", **alias) == 1
    assert total(client, "Invocations", **alias, ExecutedVersion=version) == 1


def test_an_event_is_received_waits_and_is_invoked(deploy: Deploy, client: Client) -> None:
    # Given a function
    function = deploy("probe.py")

    # When it is called asynchronously
    function.invoke(InvocationType="Event")

    # Then its arrival, its age and its invocation are there
    of = {"FunctionName": function.name}
    wait_for(lambda: total(client, "AsyncEventAge", "SampleCount", **of) == 1)
    assert total(client, "AsyncEventsReceived", **of) == 1
    assert total(client, "Invocations", **of) == 1
    assert total(client, "AsyncEventsDropped", **of) is None


def test_an_event_that_is_given_up_is_dropped(deploy: Deploy, client: Client) -> None:
    # Given a function whose zip cannot be unpacked
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr("../outside.py", "")
    function = deploy("probe.py", Code={"ZipFile": archive.getvalue()})

    # When it is called asynchronously
    function.invoke(InvocationType="Event")

    # Then the event counts as dropped, not as an invocation
    of = {"FunctionName": function.name}
    wait_for(lambda: total(client, "AsyncEventsDropped", **of) == 1)
    assert total(client, "Invocations", **of) is None


def test_metric_math_answers_in_the_order_of_the_queries(deploy: Deploy, client: Client) -> None:
    # Given a function that failed once in four
    function = deploy("probe.py")
    for event in (None, None, None, {"do": "raise"}):
        function.invoke(event)
    of = {"FunctionName": function.name}

    # When its success rate is asked for, as the console does
    answer = client("cloudwatch").get_metric_data(
        MetricDataQueries=[
            {"Id": "success", "Expression": "100 - 100 * errors / MAX([errors, invocations])"},
            {**query("errors", "Errors", "Sum", **of), "ReturnData": False},
            {**query("invocations", "Invocations", "Sum", **of), "Label": "Requests"},
        ],
        **window(),
    )["MetricDataResults"]

    # Then the expression is computed, and what is not wanted is left out
    assert [(result["Label"], result["Values"]) for result in answer] == [
        ("success", [75]),
        ("Requests", [4]),
    ]


@pytest.mark.parametrize("asked", [{"Expression": "RATE(x)"}, query("q", "Errors", "tm90")])
def test_what_the_local_cloudwatch_cannot_compute_is_a_validation_error(
    client: Client, asked: dict[str, Any]
) -> None:
    # Given a question that AWS would answer
    # When it is asked
    with pytest.raises(ClientError) as refusal:
        client("cloudwatch").get_metric_data(MetricDataQueries=[{"Id": "q", **asked}], **window())

    # Then the error says what there is instead
    assert refusal.value.response["Error"]["Code"] == "ValidationError"
    assert "The local CloudWatch has no" in refusal.value.response["Error"]["Message"]


def test_put_metric_data_comes_back_with_its_statistics(client: Client) -> None:
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

    # Then their statistics are those of all
    asked = {"Namespace": namespace, "MetricName": "Size", "Period": 3600, **window()}
    [datapoint] = cloudwatch.get_metric_statistics(
        **asked, Statistics=["Sum", "SampleCount", "Minimum", "Maximum"]
    )["Datapoints"]
    assert datapoint["Unit"] == "Bytes"
    assert [datapoint[name] for name in ("Sum", "SampleCount", "Minimum", "Maximum")] == [
        13,
        6,
        1,
        5,
    ]


def test_metric_filters_are_fed_from_what_the_function_logs(deploy: Deploy, client: Client) -> None:
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

    # When the function logs such a line in each of two requests, and somebody else writes one
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


def test_puts_consume_write_capacity_by_the_kilobyte(client: Client) -> None:
    # Given a table
    table = f"rides-{uuid.uuid4().hex[:8]}"
    dynamodb = client("dynamodb")
    dynamodb.create_table(
        TableName=table,
        KeySchema=[{"AttributeName": "RideId", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "RideId", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )

    # When a small item and one of two and a half kilobytes are put
    for text in ("small", "x" * 2560):
        dynamodb.put_item(TableName=table, Item={"RideId": {"S": text[:9]}, "Text": {"S": text}})

    # Then they consume one write unit and three
    [datapoint] = client("cloudwatch").get_metric_statistics(
        Namespace="AWS/DynamoDB",
        MetricName="ConsumedWriteCapacityUnits",
        Dimensions=dimensions(TableName=table),
        Period=3600,
        Statistics=["Sum", "Maximum"],
        **window(),
    )["Datapoints"]
    dynamodb.delete_table(TableName=table)
    assert (datapoint["Sum"], datapoint["Maximum"]) == (4, 3)
