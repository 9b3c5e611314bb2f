"""What make checks before a script runs."""

import os
import subprocess
from pathlib import Path

import pytest

from scripts.project.paths import ROOT


def make(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["/usr/bin/env", "make", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("verb", ["apply", "destroy"])
@pytest.mark.parametrize(
    ("variable", "endpoint"),
    [
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:4566"),
        ("AWS_ENDPOINT_URL", "http://LOCALHOST:4566"),
        ("AWS_ENDPOINT_URL", "http://0.0.0.0:4566"),
        ("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:8000"),
    ],
)
def test_a_real_deployment_is_not_changed_from_a_shell_that_points_elsewhere(
    verb: str, variable: str, endpoint: str
) -> None:
    # Given a shell that points at another AWS than AWS
    # When the verb for AWS is called
    done = make(verb, **{variable: endpoint})

    # Then it stops before Terraform, and names the local verb and the variable to unset
    assert done.returncode != 0
    assert f"local-{verb}" in done.stderr
    assert f"unset {variable}." in done.stderr
    assert done.stdout == ""


def test_a_shell_that_points_at_aws_passes() -> None:
    # Given a shell with no endpoint but an empty one
    # When it is checked
    done = make("on-aws", AWS_ENDPOINT_URL="")

    # Then nothing is printed
    assert (done.returncode, done.stderr) == (0, "")


def test_a_persons_own_modules_are_not_taken_for_the_projects(tmp_path: Path) -> None:
    # Given a module of the standard library's name on PYTHONPATH, which comes first
    (tmp_path / "zipfile.py").write_text("raise SystemExit('not mine')")

    # When a script is run by make
    done = make("package", f"ARGS=--output {tmp_path}/function.zip", PYTHONPATH=str(tmp_path))

    # Then it does not see it
    assert (done.returncode, done.stderr) == (0, "")
