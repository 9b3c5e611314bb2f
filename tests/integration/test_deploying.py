"""`make plan`, `apply` and `destroy`, to AWS and to a local AWS: a person's arguments, region and names."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local_aws.client import local_aws
from scripts.project.paths import LOCK_FILE
from scripts.session.isolation import local_environment
from scripts.terraform.provider_mirror import find_mirror
from tests.integration.deployed import Client, clients_of, everything
from tests.support.checkout import copy_checkout

TABLE_ALONE = "-target=module.rides_table"
STACK, DEPLOY = "stack.py", "deploy.py"


@dataclass(frozen=True)
class Person:
    """Somebody in a folder of their own, with a checkout elsewhere and a shell."""

    checkout: Path
    folder: Path
    shell: dict[str, str]

    def run(self, script: str, *arguments: str, status: int = 0, **variables: Any) -> str:
        """Run a script of the checkout; returns what it prints on both streams."""
        done = subprocess.run(
            [str(self.checkout / ".venv/bin/python"), str(self.checkout / "scripts" / script), *arguments],
            cwd=self.folder,
            env={**self.shell, **variables},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )  # fmt: skip
        assert done.returncode == status, done.stderr
        assert "Traceback" not in done.stderr
        return f"{done.stdout}\n{done.stderr}"


@pytest.fixture
def person(tmp_path: Path) -> Person:
    """Give a person whose shell points nowhere."""
    (tmp_path / "home").mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return Person(copy_checkout(tmp_path / "checkout"), tmp_path / "home", kept)


@pytest.fixture
def other_endpoint() -> Iterator[str]:
    """Give a local AWS beside that of the other tests, for what must find it empty."""
    with local_aws() as url:
        yield url


def tables(client: Client) -> list[str]:
    names: list[str] = client("dynamodb").list_tables()["TableNames"]
    return names


def test_arguments_variables_and_paths_reach_a_local_apply_and_its_names_are_followed(
    person: Person, other_endpoint: str
) -> None:
    # Given names in a file of one's own, on the command line and in the environment
    (person.folder / "mine.tfvars").write_text('function_name = "Two"\n')
    mine = ["-var-file=mine.tfvars", "-var", "table_name=RidesTwo", "-state=two.tfstate"]
    shell: dict[str, Any] = {"AWS_ENDPOINT_URL": other_endpoint, "TF_VAR_role_name": "RoleTwo"}

    # When they are applied
    shown = person.run(STACK, "apply", *mine, "-auto-approve", **shell)

    # Then Terraform's counts and outputs are shown, and what to type next
    assert "Apply complete! Resources: " in shown
    assert 'function_name = "Two"' in shown
    assert "role/RoleTwo" in shown
    assert "Next: make invoke" in shown
    assert "Creating..." not in shown
    client = clients_of(other_endpoint)
    assert tables(client) == ["RidesTwo"]

    # And the state is where it was to be
    assert (person.folder / "two.tfstate").exists()
    assert not list(person.checkout.glob(".local/stack/*/terraform.tfstate"))

    # And a plan with the same has nothing to change
    planned = person.run(STACK, "plan", *mine, "-detailed-exitcode", **shell)
    assert "No changes." in planned

    # And a shell that points nowhere follows, by the names of the apply
    invoked = person.run("invoke.py")
    assert "Two answered 201" in invoked
    assert f"The last apply went to the local AWS at {other_endpoint}." in invoked
    assert json.loads(person.run("monitor.py", "--json").partition("\n\n")[0])["function"] == "Two"

    # And a destroy with the same leaves nothing, and nothing to follow
    person.run(STACK, "destroy", *mine, **shell)
    assert not any(everything(client).values())
    assert "No answer from RequestUnicorn" in person.run(
        "invoke.py", status=1, **local_environment(other_endpoint, {})
    )


def test_two_local_awss_have_two_states(person: Person, other_endpoint: str) -> None:
    # Given a table on each of two local AWSs
    with local_aws() as second_endpoint:
        first: dict[str, Any] = {"AWS_ENDPOINT_URL": other_endpoint}
        second: dict[str, Any] = {"AWS_ENDPOINT_URL": second_endpoint}
        for shell in (first, second):
            person.run(STACK, "apply", TABLE_ALONE, **shell)

        # When that of the second is destroyed
        person.run(STACK, "destroy", TABLE_ALONE, **second)

        # Then the first has its own still, and in its state
        assert tables(clients_of(second_endpoint)) == []
        assert tables(clients_of(other_endpoint)) == ["Rides"]
        assert "No changes." in person.run(
            STACK, "plan", TABLE_ALONE, "-detailed-exitcode", **first
        )


def as_aws(endpoint: str, folder: Path) -> dict[str, str]:
    """Return the settings by which a local AWS is taken for AWS itself: there is no account to test with."""
    config = folder / "config"
    config.write_text(
        f"[default]\nregion = us-east-1\nendpoint_url = {endpoint}\n"
        "aws_access_key_id = local\naws_secret_access_key = local\n"
    )
    mirror = find_mirror(LOCK_FILE)
    return {
        "AWS_CONFIG_FILE": str(config),
        "AWS_EC2_METADATA_DISABLED": "true",
        **({"TF_CLI_ARGS_init": f"-plugin-dir={mirror}"} if mirror else {}),
    }


def test_a_deployment_keeps_to_its_region_and_account(person: Person, other_endpoint: str) -> None:
    # Given a table in us-east-1, by a state that is named
    aws: Any = as_aws(other_endpoint, person.folder)
    mine = [TABLE_ALONE, "-auto-approve", "-state=mine.tfstate"]
    applied = person.run(DEPLOY, "apply", *mine, **aws)
    assert "Apply complete! Resources: 1 added" in applied
    state = (person.folder / "mine.tfstate").read_text()

    # When the shell has come to point elsewhere, and asks for anything
    for verb in ("plan", "apply", "destroy"):
        refusal = person.run(DEPLOY, verb, *mine, status=1, **{**aws, "AWS_REGION": "eu-west-1"})

        # Then it is refused in a sentence, and nothing is changed
        assert "resources are in us-east-1, and this shell points to eu-west-1" in refusal
        assert (person.folder / "mine.tfstate").read_text() == state
    assert tables(clients_of(other_endpoint)) == ["Rides"]

    # And so is a state of another account's resources
    others = person.folder / "others.tfstate"
    others.write_text(state.replace("123456789012", "999999999999"))
    refusal = person.run(
        DEPLOY, "destroy", "-auto-approve", "-state=others.tfstate", status=1, **aws
    )
    assert "are in account 999999999999, and this shell's credentials" in refusal

    # And a state of its own may go there
    other = [TABLE_ALONE, "-auto-approve", "-state=eu.tfstate", "-var", "table_name=There"]
    person.run(DEPLOY, "apply", *other, AWS_REGION="eu-west-1", **aws)

    # And back in its region it can be destroyed
    assert "Destroy complete! Resources: 1 destroyed" in person.run(DEPLOY, "destroy", *mine, **aws)
    assert tables(clients_of(other_endpoint)) == []
