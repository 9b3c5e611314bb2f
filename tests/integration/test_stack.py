"""The repository's real Terraform, applied to the local AWS, called, planned again and destroyed."""

import json
from pathlib import Path
from typing import Any

import pytest

from scripts import monitor
from scripts.calling.invocation import call, connect
from scripts.deployment_package.build import build
from scripts.project.paths import ROOT, TUTORIAL_EVENT
from scripts.terraform.local_stack import BACKEND_OVERRIDE, LocalStack
from tests.integration.deployed import Client, everything


@pytest.fixture
def stack(isolated: None, tmp_path: Path) -> LocalStack:
    """Give a working folder for the real configuration, in the environment of a local run."""
    build()
    return LocalStack(tmp_path / "stack")


def figures(seen: dict[str, Any]) -> set[tuple[str, float]]:
    """Return the points of every line that has one: there was only one ride."""
    return {
        (series["label"], value)
        for graph in seen["graphs"]
        for series in graph["series"]
        for _, value in series["points"]
    }


def test_apply_ride_plan_again_and_destroy(
    stack: LocalStack, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given an empty local AWS
    assert not any(everything(client).values())

    # When the configuration is applied and the function is sent the tutorial's event
    stack.init()
    stack.apply()
    outputs = stack.outputs()
    invocation = call(outputs["function_name"], TUTORIAL_EVENT.read_text(), *connect())

    # Then the ride is answered, recorded in the table and logged in the function's group
    assert invocation.status == 201
    response = invocation.response
    assert isinstance(response, dict)
    items = client("dynamodb").scan(TableName=outputs["table_name"])["Items"]
    assert [item["RideId"]["S"] for item in items] == [response["RideId"]]
    streams = client("logs").describe_log_streams(logGroupName=outputs["log_group_name"])
    assert len(streams["logStreams"]) == 1

    # And the dashboard's graphs, the alarms and the cost show that one ride
    assert monitor.main(["--json", "--function", outputs["function_name"]]) == 0
    seen = json.loads(capsys.readouterr().out)
    assert (
        figures(seen)
        >= {
            "Invocations": 1,
            "Errors": 0,
            "success rate": 100,
            "Throttles": 0,
            "ConcurrentExecutions": 1,
            "created": 1,
            "fault": 0,
            "ConsumedWriteCapacityUnits": 1,
        }.items()
    )
    assert {"minimum", "average", "p99", "BilledDuration"} <= dict(figures(seen)).keys()
    assert [alarm["name"] for alarm in seen["alarms"]] == outputs["alarm_names"]
    assert seen["cost"]["per_million_rides"] > 0
    assert seen["problems"] == []

    # And a second plan finds nothing to change
    assert stack.plan_is_empty()

    # And destroying leaves nothing, in the state or in any service
    stack.destroy()
    assert stack.resources() == []
    assert not any(everything(client).values())


def test_a_configured_backend_and_workspace_are_not_touched(
    stack: LocalStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a checkout that keeps its real state in S3
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    for path in [*ROOT.glob("*.tf"), ROOT / ".terraform.lock.hcl", ROOT / "modules"]:
        (checkout / path.name).symlink_to(path)
    backend = 'terraform {\n  backend "s3" {\n    bucket = "real"\n    key = "real"\n  }\n}\n'
    (checkout / "backend.tf").write_text(backend)
    (checkout / "backend_override.tf").write_text(backend)
    monkeypatch.setattr("scripts.terraform.local_stack.ROOT", checkout)

    # When a local run initialises it
    stack.init()

    # Then its state is a file of the run's own, and the checkout is as it was
    assert (stack.folder / BACKEND_OVERRIDE).exists()
    assert '"type": "local"' in (stack.folder / ".terraform/terraform.tfstate").read_text()
    assert not (checkout / ".terraform").exists()


def test_a_missing_zip_fails_the_plan_with_the_fix(stack: LocalStack, tmp_path: Path) -> None:
    # Given no zip
    stack.init()

    # When Terraform applies
    with pytest.raises(Exception, match="make package") as failure:
        stack.apply(package_path=str(tmp_path / "missing.zip"))

    # Then the message is a sentence, not a function's trace
    assert "Call to function" not in str(failure.value)
