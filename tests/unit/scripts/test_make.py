"""What make checks before a script runs."""

import os
import re
import shutil
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


@pytest.mark.parametrize("verb", ["plan", "apply", "destroy"])
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
    monkeypatch: pytest.MonkeyPatch, verb: str, variable: str, endpoint: str
) -> None:
    # Given a shell that points at another AWS than AWS
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv(variable, endpoint)

    # When the verb for AWS is called
    done = make(verb)

    # Then it stops before Terraform, and names the local verb and the variable to unset
    assert done.returncode != 0
    assert f"local-{verb}" in done.stderr
    assert f"unset {variable}." in done.stderr
    assert done.stdout == ""


def test_without_terraform_nothing_is_installed_for_it(tmp_path: Path) -> None:
    # Given a PATH without Terraform, as of somebody who has just begun
    for program in ("make", "sh", "sed", "env"):
        (tmp_path / program).symlink_to(shutil.which(program) or program)
    for verb in ("ride", "dev", "test", "lint", "plan", "apply", "destroy", "local-apply"):
        # When a verb that needs it is called
        done = make(verb, "PYTHON=no-such-python", PATH=str(tmp_path))

        # Then it says so first
        assert done.returncode != 0
        assert done.stderr.startswith("terraform is not on PATH: install 1.5 or newer")


def test_the_python_that_made_the_environment_is_remembered() -> None:
    # Given an environment that one of several Pythons has made
    settings = (ROOT / ".venv" / "pyvenv.cfg").read_text()
    executable = re.search(r"^executable = (.*)$", settings, re.MULTILINE)
    assert executable

    # When a later make names none
    done = make("--dry-run", "install-local")

    # Then it uses that one, and one that is named instead of it
    assert done.stdout == f"{executable[1]} scripts/install.py local\n"
    named = make("--dry-run", "install-local", "PYTHON=python3.13")
    assert named.stdout == "python3.13 scripts/install.py local\n"


@pytest.mark.parametrize("verb", ["apply", "plan", "destroy"])
@pytest.mark.parametrize("place", ["", "local-"])
def test_arguments_go_only_to_terraform_and_as_the_shell_has_them(place: str, verb: str) -> None:
    # Given arguments with quotes, a dollar and a comma
    arguments = "-var 'tags={A=\"b, c\"}' -var-file=$HOME/mine.tfvars"

    # When they are given to a verb
    done = make("--dry-run", "--silent", f"{place}{verb}", f"ARGS={arguments}")

    # Then they come after Terraform's verb, unchanged, and nowhere else
    assert done.stdout.count("-var-file") == 1
    assert done.stdout.endswith(f"{verb} {arguments}\n")


def test_a_part_of_the_tests_runs_alone() -> None:
    # Given a person who wants some tests
    # When they name them
    done = make("--dry-run", "test", "ARGS=-k eta")

    # Then no other check is run, and no coverage is asked of so few
    assert done.stdout.count("pytest") == 1
    assert done.stdout.endswith(" -k eta\n")
    assert "--cov" not in done.stdout
    assert "lint.py" not in done.stdout


def test_a_persons_own_modules_are_not_taken_for_the_projects(tmp_path: Path) -> None:
    # Given a module of the standard library's name on PYTHONPATH, which comes first
    (tmp_path / "zipfile.py").write_text("raise SystemExit('not mine')")

    # When a script is run by make
    done = make("package", f"ARGS=--output {tmp_path}/function.zip", PYTHONPATH=str(tmp_path))

    # Then it does not see it
    assert (done.returncode, done.stderr) == (0, "")
