"""The local CloudWatch has the metrics that Lambda publishes."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from tests.integration.deployed import Client, Deploy
from tests.support.metric_queries import dimensions, query, window


def total(client: Client, name: str, statistic: str = "Sum", **of: str) -> float | None:
    """Return a statistic of a Lambda metric over the last minutes; None if it has no data."""
    queries = [query("q", name, statistic, **of)]
    [result] = client("cloudwatch").get_metric_data(MetricDataQueries=queries, **window())[
        "MetricDataResults"
    ]
    return sum(result["Values"]) if result["Values"] else None


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert condition()


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


def test_metrics_have_lambdas_units_and_dimensions(deploy: Deploy, client: Client) -> None:
    # Given a function that was invoked twice
    function = deploy("probe.py")
    function.invoke()
    function.invoke()

    # When its metrics are listed
    cloudwatch = client("cloudwatch")
    listed = cloudwatch.list_metrics(
        Namespace="AWS/Lambda", Dimensions=dimensions(FunctionName=function.name)
    )["Metrics"]

    # Then each is listed once, exists across all functions too, and has Lambda's unit
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


def test_a_throttled_request_counts_as_a_throttle_only(deploy: Deploy, client: Client) -> None:
    # Given a function with a reserved concurrency of 0
    function = deploy("probe.py")
    client("lambda").put_function_concurrency(
        FunctionName=function.name, ReservedConcurrentExecutions=0
    )

    # When it is invoked
    with pytest.raises(ClientError, match="Rate Exceeded"):
        function.invoke()

    # Then that counts as a throttle only
    of = {"FunctionName": function.name}
    assert total(client, "Throttles", **of) == 1
    assert total(client, "Invocations", **of) is None
    assert total(client, "Errors", **of) is None


def test_simultaneous_requests_are_concurrent_executions(deploy: Deploy, client: Client) -> None:
    # Given a function
    function = deploy("probe.py", Timeout=20)

    # When three requests run simultaneously
    with ThreadPoolExecutor(3) as callers:
        list(callers.map(function.invoke, [{"do": "sleep", "seconds": 2}] * 3))

    # Then the maximum is three
    assert total(client, "ConcurrentExecutions", "Maximum", FunctionName=function.name) == 3


def test_a_version_and_an_alias_have_metrics_of_their_own(deploy: Deploy, client: Client) -> None:
    # Given a function with a version and an alias for it
    function = deploy("probe.py")
    lambda_ = client("lambda")
    version = lambda_.publish_version(FunctionName=function.name)["Version"]
    lambda_.create_alias(FunctionName=function.name, Name="live", FunctionVersion=version)

    # When it is invoked by each, and by its name
    for qualifier in ({"Qualifier": version}, {"Qualifier": "live"}, {}):
        function.invoke(**qualifier)

    # Then the function counts all, each resource its own, and the alias also per executed version
    name = {"FunctionName": function.name}
    alias = {**name, "Resource": f"{function.name}:live"}
    assert total(client, "Invocations", **name) == 3
    assert total(client, "Invocations", **name, Resource=f"{function.name}:{version}") == 1
    assert total(client, "Invocations", **alias) == 1
    assert total(client, "Invocations", **alias, ExecutedVersion=version) == 1


def test_an_event_counts_as_received_and_as_an_invocation_and_has_an_age(
    deploy: Deploy, client: Client
) -> None:
    # Given a function
    function = deploy("probe.py")

    # When it is invoked asynchronously
    function.invoke(InvocationType="Event")

    # Then its arrival, age and invocation are counted
    of = {"FunctionName": function.name}
    wait_for(lambda: total(client, "AsyncEventAge", "SampleCount", **of) == 1)
    assert total(client, "AsyncEventsReceived", **of) == 1
    assert total(client, "Invocations", **of) == 1
    assert total(client, "AsyncEventsDropped", **of) is None


def test_an_event_that_cannot_be_delivered_is_dropped(deploy: Deploy, client: Client) -> None:
    # Given a function that may not run at all
    function = deploy("probe.py")
    client("lambda").put_function_concurrency(
        FunctionName=function.name, ReservedConcurrentExecutions=0
    )

    # When it is invoked asynchronously
    function.invoke(InvocationType="Event")

    # Then the event counts as dropped, not as an invocation
    of = {"FunctionName": function.name}
    wait_for(lambda: total(client, "AsyncEventsDropped", **of) == 1)
    assert total(client, "Invocations", **of) is None
