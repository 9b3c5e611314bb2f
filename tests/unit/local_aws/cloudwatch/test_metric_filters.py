"""Metric filters turn log events into metrics."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from moto.cloudwatch.models import cloudwatch_backends
from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.models import LogsBackend, logs_backends

from local_aws.cloudwatch.metrics import Metric, Samples
from local_aws.cloudwatch.service import CloudWatch
from local_aws.cloudwatch.time_ranges import TimeRange
from local_aws.moto_seams import logs

REGION = "eu-west-1"
GROUP = "/aws/lambda/f"
NOON = 1_795_262_400
COUNT = {"metricNamespace": "Rides", "metricName": "Created", "metricValue": "1"}


@dataclass(frozen=True)
class Account:
    """An account with one log group."""

    number: str

    @property
    def logs(self) -> LogsBackend:
        return logs_backends[self.number][REGION]

    def filter(self, pattern: str, transformation: dict[str, Any], name: str = "rides") -> None:
        logs.put_metric_filter(self.logs, name, pattern, GROUP, [transformation])

    def write(self, *lines: str | dict[str, Any], second: int = NOON) -> None:
        """Write lines with the same timestamp; dictionaries become JSON."""
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        events = [{"timestamp": second * 1000 + 7, "message": text} for text in texts]
        logs.put_log_events(self.logs.groups[GROUP], "stream", events)

    def samples(self, name: str = "Created", **dimensions: str) -> list[Samples]:
        """Return a metric's samples by the minute."""
        metric = Metric("Rides", name, tuple(sorted(dimensions.items())))
        store = cloudwatch_backends[self.number][REGION].metrics
        return list(store.samples(metric, 60, TimeRange(NOON, NOON + 3600)).values())

    def sums(self, name: str = "Created", **dimensions: str) -> list[float]:
        return [samples.total for samples in self.samples(name, **dimensions)]


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """Yield an account of its own."""
    monkeypatch.setattr(cloudwatch_backends, "backend", CloudWatch)
    made = Account(f"{uuid.uuid4().int % 10**12:012d}")
    made.logs.create_log_group(GROUP, {})
    made.logs.create_log_stream(GROUP, "stream")
    yield made
    del logs_backends[made.number]
    cloudwatch_backends.pop(made.number, None)


def test_each_matching_line_counts_in_its_minute(account: Account) -> None:
    # Given a filter on an outcome
    account.filter('{ $.outcome = "created" }', COUNT)

    # When lines are written in two minutes
    account.write({"outcome": "created"}, {"outcome": "refused"}, "text", {"outcome": "created"})
    account.write({"outcome": "created"}, second=NOON + 60)

    # Then each minute has its count, and the log has all lines
    assert account.sums() == [2, 1]
    assert len(account.logs.groups[GROUP].streams["stream"].events) == 5


def test_a_value_and_dimensions_can_be_fields(account: Account) -> None:
    # Given a filter that takes its value and its dimensions from fields
    account.filter(
        "{ $.latency = * }",
        {
            "metricNamespace": "Rides",
            "metricName": "Latency",
            "metricValue": "$.latency",
            "dimensions": {"Unicorn": "$.ride.unicorn", "Outcome": "$.outcome"},
            "unit": "Milliseconds",
        },
    )

    # When lines are written with all fields, with one missing, and with a value that is not a number
    ride = {"outcome": "created", "ride": {"unicorn": "Rocinante"}}
    account.write({"latency": 12.5, **ride}, {"latency": 7}, {"latency": "fast", **ride})

    # Then only the complete line counts, in the filter's unit
    store = cloudwatch_backends[account.number][REGION].metrics
    assert account.sums("Latency", Unicorn="Rocinante", Outcome="created") == [12.5]
    assert [store.units(metric) for metric in store.metrics()] == [["Milliseconds"]]


def test_the_default_is_reported_once_a_minute_if_nothing_matches(account: Account) -> None:
    # Given a filter with a default, and one without
    account.filter("ERROR", {**COUNT, "defaultValue": 5})
    account.filter("ERROR", {**COUNT, "metricName": "Bare"}, name="bare")

    # When nothing matches in a minute, and in two others an event does, before and after one that does not
    account.write("fine")
    account.write("fine")
    account.write("ERROR", second=NOON + 60)
    account.write("fine", second=NOON + 61)
    account.write("fine", second=NOON + 120)
    account.write("ERROR", second=NOON + 121)

    # Then the first minute has one sample, the default, and the others only the match
    assert [(minute.count, minute.total) for minute in account.samples()] == [
        (1, 5),
        (1, 1),
        (1, 1),
    ]
    assert account.sums("Bare") == [1, 1]


def test_an_updated_filter_replaces_the_old_one(account: Account) -> None:
    # Given a filter that was updated
    account.filter("ERROR", COUNT)
    account.filter("?ERROR ?WARN", COUNT)

    # When a line matches both
    account.write("ERROR")

    # Then it counts once, and there is one filter
    assert account.sums() == [1]
    assert len(account.logs.describe_metric_filters(log_group_name=GROUP)) == 1


def test_every_filter_of_the_group_is_applied_and_no_other(account: Account) -> None:
    # Given two filters on the group and one on another
    account.filter("ERROR", COUNT)
    account.filter("disk", {**COUNT, "metricName": "Disk"}, name="disk")
    other = [{**COUNT, "metricName": "Other"}]
    account.logs.create_log_group("/elsewhere", {})
    logs.put_metric_filter(account.logs, "other", "ERROR", "/elsewhere", other)

    # When a line is written
    account.write("ERROR: disk full")

    # Then the group's filters count it
    assert (account.sums(), account.sums("Disk"), account.sums("Other")) == ([1], [1], [])


@pytest.mark.parametrize(
    ("pattern", "transformation", "message"),
    [
        ("{ $.a = * }", {"dimensions": {"A": "$.a"}, "defaultValue": 0}, "mutually exclusive"),
        ("ERROR", {"dimensions": {"A": "$.a"}}, "JSON and space-delimited"),
        ("{ $.a = * }", {"dimensions": dict.fromkeys("ABCD", "$.a")}, "at most 3"),
        ("{ $.a = }", {}, "Invalid filter pattern"),
        *(
            ("ERROR", {"metricValue": value}, f"metric value {value} must be a valid number")
            for value in ("nan", "inf", "1e999", "latency", "1_0", "\u0663", "")
        ),
    ],
)
def test_a_filter_that_aws_refuses_is_refused(
    account: Account, pattern: str, transformation: dict[str, Any], message: str
) -> None:
    # Given a log group
    # When an invalid metric filter is put
    with pytest.raises(InvalidParameterException) as refusal:
        account.filter(pattern, {**COUNT, **transformation})

    # Then the error says why, and nothing is stored
    assert message in refusal.value.message
    assert not account.logs.describe_metric_filters(log_group_name=GROUP)


def test_a_filter_needs_its_log_group(account: Account) -> None:
    # Given no such log group, when a filter on it is put, then that is an error
    with pytest.raises(ResourceNotFoundException):
        logs.put_metric_filter(account.logs, "rides", "ERROR", "/elsewhere", [COUNT])


def test_a_log_group_is_deleted_with_its_filters(account: Account) -> None:
    # Given a log group with filters
    account.filter("ERROR", COUNT)
    account.filter("WARN", COUNT, name="other")

    # When it is deleted and created again
    logs.delete_log_group(account.logs, GROUP)
    account.logs.create_log_group(GROUP, {})

    # Then it has none
    assert not account.logs.describe_metric_filters(log_group_name=GROUP)


def test_fields_of_space_delimited_events_are_values_and_dimensions(account: Account) -> None:
    # Given a filter on an access log
    account.filter(
        "[ip, request, status = 2*, bytes]",
        {
            "metricNamespace": "Rides",
            "metricName": "Bytes",
            "metricValue": "$bytes",
            "dimensions": {"Status": "$status"},
        },
    )

    # When lines are written
    account.write(
        '127.0.0.1 "GET /" 200 1500', '127.0.0.1 "GET /" 200 500', '127.0.0.1 "GET /" 500 7'
    )

    # Then the matching ones count
    assert account.sums("Bytes", Status="200") == [2000]
