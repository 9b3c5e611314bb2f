"""FilterLogEvents and subscription filters apply filter patterns, in order of time."""

import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.deployed import Client


@dataclass(frozen=True)
class Log:
    """A log group with two streams."""

    logs: Any
    group: str
    start_ms: int

    def write(self, stream: str, *messages: str, after_ms: int = 0) -> None:
        events = [{"timestamp": self.start_ms + after_ms, "message": text} for text in messages]
        self.logs.put_log_events(logGroupName=self.group, logStreamName=stream, logEvents=events)

    def messages(self, **query: Any) -> list[str]:
        answer = self.logs.filter_log_events(logGroupName=self.group, **query)
        return [event["message"] for event in answer["events"]]


@pytest.fixture
def log(client: Client) -> Iterator[Log]:
    """Yield an empty log group."""
    logs, group = client("logs"), f"/test/{uuid.uuid4().hex}"
    logs.create_log_group(logGroupName=group)
    for stream in ("one", "two"):
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
    yield Log(logs, group, int(time.time() * 1000) - 60_000)
    logs.delete_log_group(logGroupName=group)


@pytest.mark.parametrize(
    ("pattern", "matching"),
    [
        ("{ $.level = ERROR }", [0]),
        ("?fatal ?INFO", [1, 2]),
        ("-ERROR", [1, 2]),
        ("[level = INFO, ...]", [2]),
        ("%^fatal [a-z]+$%", [1]),
    ],
)
def test_a_pattern_of_any_kind_filters(log: Log, pattern: str, matching: list[int]) -> None:
    # Given three events
    events = [json.dumps({"level": "ERROR"}), "fatal fault", "INFO all is well"]
    log.write("one", *events)

    # When they are filtered, then only those that match are returned
    assert log.messages(filterPattern=pattern) == [events[number] for number in matching]


def test_a_log_group_has_five_filters_with_regular_expressions(log: Log) -> None:
    # Given a log group with metric filters of which five have a regular expression
    def put(name: str, pattern: str) -> None:
        metric = {"metricName": "m", "metricNamespace": "n", "metricValue": "1"}
        log.logs.put_metric_filter(
            logGroupName=log.group,
            filterName=name,
            filterPattern=pattern,
            metricTransformations=[metric],
        )

    for number in range(5):
        put(f"filter {number}", f"{{ $.a = %{number}% }}")

    # When there would be one more, in any language
    refusals = []
    for pattern in ("%x%", "[a = %x%]"):
        with pytest.raises(ClientError) as refusal:
            put("one more", pattern)
        refusals.append(refusal.value.response["Error"]["Code"])

    # Then it is refused, and one without, or in the place of another, is not
    assert refusals == ["LimitExceededException", "LimitExceededException"]
    put("plain", '{ $.a = "50%" || $.b = "%x%" }')
    put("filter 4", "%x%")


def test_an_invalid_pattern_is_refused(log: Log) -> None:
    # Given a log group, when it is filtered by an invalid pattern, then that is an error
    with pytest.raises(ClientError) as refusal:
        log.messages(filterPattern="{ $.level = }")
    assert refusal.value.response["Error"]["Code"] == "InvalidParameterException"


def test_streams_are_read_together_in_order_of_time(log: Log) -> None:
    # Given events in two streams, not written in order of time
    log.write("one", "third", after_ms=2)
    log.write("one", "first", after_ms=0)
    log.write("two", "second", after_ms=1)
    log.write("two", "fourth", after_ms=3)

    # When all, a range of time and one stream are read
    everything = log.messages()
    middle = log.messages(startTime=log.start_ms + 1, endTime=log.start_ms + 2)
    one = log.messages(logStreamNames=["one"])

    # Then each is in order of time, both ends of the range included
    assert everything == ["first", "second", "third", "fourth"]
    assert middle == ["second", "third"]
    assert one == ["first", "third"]


def test_pages_follow_each_other_without_gaps(log: Log) -> None:
    # Given seven events with the same time, of which six match
    log.write("one", *(f"match {number}" for number in range(3)), "other")
    log.write("two", *(f"match {number}" for number in range(3, 6)))

    # When they are read by pages of two
    pages = list(
        log.logs.get_paginator("filter_log_events").paginate(
            logGroupName=log.group,
            filterPattern="match",
            PaginationConfig={"PageSize": 2},
        )
    )

    # Then there are three pages, with each event once
    messages = [[event["message"] for event in page["events"]] for page in pages]
    assert [len(page) for page in messages] == [2, 2, 2]
    assert sorted(message for page in messages for message in page) == [
        f"match {number}" for number in range(6)
    ]


def test_a_subscription_receives_matching_events_only(log: Log, client: Client) -> None:
    # Given a subscription of another log group to errors
    destination = f"{log.group}/errors"
    log.logs.create_log_group(logGroupName=destination)
    log.logs.create_log_stream(logGroupName=destination, logStreamName="one")
    [described] = log.logs.describe_log_groups(logGroupNamePrefix=destination)["logGroups"]
    log.logs.put_subscription_filter(
        logGroupName=log.group,
        filterName="errors",
        filterPattern="{ $.level = ERROR }",
        destinationArn=described["arn"],
    )

    # When events are written
    log.write("one", json.dumps({"level": "ERROR"}), json.dumps({"level": "INFO"}))

    # Then the error is forwarded
    forwarded = log.logs.filter_log_events(logGroupName=destination)["events"]
    assert [json.loads(event["message"])["level"] for event in forwarded] == ["ERROR"]
    log.logs.delete_log_group(logGroupName=destination)


def test_a_pattern_can_be_tried_on_messages(client: Client) -> None:
    # Given messages
    messages = [json.dumps({"level": "ERROR", "n": 1}), "text", json.dumps({"level": "INFO"})]

    # When a pattern is tried on them
    matches = client("logs").test_metric_filter(
        filterPattern="{ $.level = E* || $.n > 5 }", logEventMessages=messages
    )["matches"]

    # Then those that match are returned, with their values
    assert matches == [
        {
            "eventNumber": 1,
            "eventMessage": messages[0],
            "extractedValues": {"$.level": "ERROR", "$.n": "1"},
        }
    ]


def test_fields_are_extracted_by_their_names(client: Client) -> None:
    # Given an access log's line, when a pattern of fields is tried on it
    [match] = client("logs").test_metric_filter(
        filterPattern="[ip, ..., status = 4*, bytes]",
        logEventMessages=['127.0.0.1 user "GET /" 404 1534'],
    )["matches"]

    # Then the fields have the pattern's names
    assert match["extractedValues"] == {"$ip": "127.0.0.1", "$status": "404", "$bytes": "1534"}
