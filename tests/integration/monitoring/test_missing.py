"""scripts/monitor.py reports what it cannot show, and shows the rest."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.deployed import Client
from tests.integration.watched import Watched

AsJson = Callable[[], dict[str, Any]]


def restrict(client: Client, monkeypatch: pytest.MonkeyPatch, *denied: str) -> None:
    """Become a user who may do everything but some actions."""
    users, name = client("iam"), f"user-{uuid.uuid4().hex[:8]}"
    users.create_user(UserName=name)
    statements = [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": denied, "Resource": "*"},
    ]
    users.put_user_policy(
        UserName=name,
        PolicyName="restricted",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements}),
    )
    key = users.create_access_key(UserName=name)["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])


@pytest.mark.parametrize(
    ("denied", "problem", "missing"),
    [
        ("logs:FilterLogEvents", "log not shown: ", {"log", "rides"}),
        ("dynamodb:BatchGetItem", "rides not shown: ", {"rides"}),
        ("cloudwatch:DescribeAlarms", "alarms not shown: ", {"alarms"}),
        ("cloudwatch:GetMetricData", "graphs not shown: ", {"graphs", "cost"}),
        ("cloudwatch:GetDashboard", "graphs and alarms not shown: ", {"graphs", "alarms", "cost"}),
        ("lambda:GetFunctionConfiguration", "rides and cost not shown: ", {"rides", "cost"}),
    ],
)
def test_what_may_not_be_read_is_reported_and_the_rest_is_shown(
    watched: Watched,
    client: Client,
    as_json: AsJson,
    monkeypatch: pytest.MonkeyPatch,
    denied: str,
    problem: str,
    missing: set[str],
) -> None:
    # Given a user who may not do one thing
    restrict(client, monkeypatch, denied)

    # When they look at the function
    seen = as_json()

    # Then the action is named, and only what needs it is missing
    (problem_shown,) = seen["problems"]
    assert problem_shown.startswith(problem)
    assert denied.partition(":")[2] in problem_shown
    parts = ("graphs", "alarms", "log", "rides", "cost")
    assert {part for part in parts if not seen[part]} == missing


def test_a_function_without_a_dashboard_gets_instructions_to_make_one(
    watched: Watched, as_json: AsJson
) -> None:
    # Given a function whose dashboard was deleted
    watched.client("cloudwatch").delete_dashboards(DashboardNames=[watched.dashboard_name])

    # When it is looked at
    seen = as_json()
    watched.client("cloudwatch").put_dashboard(
        DashboardName=watched.dashboard_name, DashboardBody="{}"
    )

    # Then the fix is named, and the log is shown
    (problem_shown,) = seen["problems"]
    assert problem_shown.startswith("graphs and alarms not shown: ")
    assert "make apply" in problem_shown
    assert seen["log"]


@pytest.mark.parametrize(
    "widget",
    [
        {"type": "metric", "properties": {"metrics": [["AWS/Lambda", "Errors", {"stat": "Sum"}]]}},
        {"type": "metric", "properties": {"title": "Two", "metrics": [["AWS/Lambda", "Errors"]]}},
    ],
    ids=["without a title", "without a statistic"],
)
def test_a_dashboard_that_somebody_changed_is_reported_and_the_rest_is_shown(
    watched: Watched, as_json: AsJson, widget: dict[str, Any]
) -> None:
    # Given a function to whose dashboard somebody added a graph in CloudWatch's own words
    body = json.dumps({"widgets": [*watched.dashboard["widgets"], widget]})
    watched.client("cloudwatch").put_dashboard(
        DashboardName=watched.dashboard_name, DashboardBody=body
    )

    # When it is looked at
    seen = as_json()

    # Then the fix is named, and the log is shown
    (problem_shown,) = seen["problems"]
    assert "was changed" in problem_shown
    assert "make apply" in problem_shown
    assert seen["log"]
