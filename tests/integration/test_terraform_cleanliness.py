"""Terraform changes only what it should: in another checkout, with other values, and on destroy."""

import contextlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from scripts.deployment_package.build import build
from scripts.project.paths import LOCK_FILE, ROOT
from scripts.terraform.local_stack import LocalStack
from tests.integration.deployed import Client, everything

NewStack = Callable[..., LocalStack]

# A value other than the default for each variable. The names stay, so that the rest changes in place.
NAMES = {
    "function_name": "CleanFunction",
    "table_name": "CleanTable",
    "role_name": "CleanRole",
    "policy_name": "CleanPolicy",
}
OTHER_VALUES = {
    "alarm_actions": ["arn:aws:sns:us-east-1:123456789012:alarms"],
    "alarm_duration_share": 0.25,
    "alarm_error_rate_percent": 2.5,
    "alarm_refused_writes": 3,
    "alarm_throttles": 7,
    "allow_origin": "https://rydes.example",
    "architecture": "x86_64",
    "deletion_protection": True,
    "front_door": True,
    "front_door_burst_limit": 20,
    "front_door_rate_limit": 7,
    "page_package_path": "build/../build/page.zip",
    "fleet": [
        {"name": "Silver", "color": "Grey", "gender": "Male", "latitude": 47.6, "longitude": -122}
    ],
    "log_level": "WARN",
    "log_retention_days": 400,
    "log_riders": True,
    "memory_size": 512,
    "package_path": "build/../build/function.zip",
    "permissions_boundary": "arn:aws:iam::aws:policy/PowerUserAccess",
    "point_in_time_recovery": False,
    "reserved_concurrency": 5,
    "role_path": "/clean/",
    "runtime": "python3.12",
    "tags": {"Project": "Clean", "Owner": "zoe@rydes.example"},
    "timeout": 20,
    "tracing": "Active",
}
NOT_LOCAL = {"saved_queries"}  # the local AWS has no Logs Insights to save them in


@pytest.fixture
def new_stack(
    isolated: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> Iterator[NewStack]:
    """Yield a maker of working folders for a checkout; their stacks are destroyed after the test."""
    made: list[LocalStack] = []

    def make(folder: Path, checkout: Path = ROOT) -> LocalStack:
        monkeypatch.setattr("scripts.terraform.local_stack.ROOT", checkout)
        stack = LocalStack(folder)
        stack.init()
        made.append(stack)
        return stack

    yield make
    for stack in made:
        if (stack.folder / "terraform.tfstate").exists() and stack.resources():
            with contextlib.suppress(ClientError):  # it may be gone already
                client("dynamodb").update_table(
                    TableName=NAMES["table_name"], DeletionProtectionEnabled=False
                )
            stack.destroy(**NAMES)


def packaged_copy(folder: Path, umask: int) -> Path:
    """Copy the project to `folder` and make the package, with file modes under this umask."""
    folder.mkdir(parents=True)
    parts = [
        *ROOT.glob("*.tf"),
        *(
            ROOT / name
            for name in (LOCK_FILE.name, "modules", "function", "page", "local_aws", "scripts")
        ),
    ]
    for command in (
        ["cp", "-R", *map(str, parts), str(folder)],
        [sys.executable, str(folder / "scripts" / "package.py")],
    ):
        subprocess.run(command, umask=umask, check=True, stdout=subprocess.DEVNULL)
    return folder


def terraform(stack: LocalStack, *arguments: str) -> None:
    command = ["terraform", *arguments]
    subprocess.run(command, cwd=stack.folder, check=True, stdout=subprocess.DEVNULL)


def defaults() -> dict[str, str]:
    """Return the first line of each declared variable's default."""
    text = "".join(path.read_text() for path in sorted(ROOT.glob("*.tf")))
    return dict(re.findall(r'^variable "(\w+)" \{.*?^  default +=[ ](.*?)$', text, re.M | re.S))


def test_a_plan_is_applied_elsewhere_and_destroy_leaves_nothing(
    new_stack: NewStack, client: Client, tmp_path: Path
) -> None:
    # Given two checkouts with different paths and file modes, and a plan made in the first
    one = packaged_copy(tmp_path / "one", umask=0o022)
    other = packaged_copy(tmp_path / "another" / "place" / "other", umask=0o077)
    first, second = new_stack(one / "run", one), new_stack(other / "run", other)
    plan = str(tmp_path / "plan")
    terraform(first, "plan", f"-out={plan}", *(f"-var={k}={v}" for k, v in NAMES.items()))

    # When it is applied in the second
    terraform(second, "apply", plan)

    # Then the first has nothing to change
    (second.folder / "terraform.tfstate").rename(first.folder / "terraform.tfstate")
    assert first.plan_is_empty(**NAMES)

    # And destroying leaves nothing in any service
    assert all(everything(client).values())
    first.destroy(**NAMES)
    assert not any(everything(client).values())


def test_every_variable_has_a_value_here_that_is_not_its_default() -> None:
    # Given the variables that are declared
    declared = defaults()

    # When they are compared with the values that the next test uses
    values = NAMES | OTHER_VALUES

    # Then every variable has a value, and none is the default
    assert values.keys() | NOT_LOCAL == declared.keys()
    assert [name for name, value in values.items() if json.dumps(value) == declared[name]] == []


def test_every_variable_can_be_changed_and_changed_back(
    new_stack: NewStack, client: Client, tmp_path: Path
) -> None:
    # Given a stack with the defaults
    build()
    stack = new_stack(tmp_path / "run")
    stack.apply(**NAMES)

    # When every variable is changed
    stack.apply(**NAMES, **OTHER_VALUES)

    # Then a second plan has nothing left to change
    assert stack.plan_is_empty(**NAMES, **OTHER_VALUES)

    # And the role, which was replaced for its new path, has all its policies
    policies = client("iam").list_role_policies(RoleName=NAMES["role_name"])["PolicyNames"]
    assert sorted(policies) == ["CleanPolicy", "CloudWatchLogsWriteAccess", "XRayWriteAccess"]

    # And changing everything back leaves nothing to change either
    stack.apply(**NAMES)
    assert stack.plan_is_empty(**NAMES)
