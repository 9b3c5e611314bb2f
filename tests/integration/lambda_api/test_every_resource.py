"""Terraform makes every Lambda resource here, then plans nothing, changes them, and destroys them."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.project.paths import LOCK_FILE
from scripts.session.isolation import local_environment
from scripts.terraform.provider_mirror import find_mirror
from tests.integration.deployed import zipped

CONFIGURATION = Path(__file__).with_name("every_resource.tf.example")
# `terraform plan -detailed-exitcode`
NO_CHANGES = 0

Terraform = Callable[..., int]


@pytest.fixture
def terraform(endpoint: str, tmp_path: Path) -> Terraform:
    """Give Terraform in a folder with the configuration; it returns the exit status."""
    shutil.copy(CONFIGURATION, tmp_path / "main.tf")
    shutil.copy(LOCK_FILE, tmp_path / ".terraform.lock.hcl")
    (tmp_path / "f.zip").write_bytes(zipped("f.py", "def handler(event, context): return event\n"))
    (tmp_path / "l.zip").write_bytes(zipped("python/shared.py", "ANSWER = 42\n"))
    environment = local_environment(endpoint, os.environ)

    def run(*arguments: str) -> int:
        done = subprocess.run(
            ["terraform", *arguments, "-no-color", "-input=false"],  # noqa: S607 - on PATH, as for a person
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        print(done.stdout, done.stderr)
        return done.returncode

    mirror = find_mirror(LOCK_FILE)
    assert run("init", *([f"-plugin-dir={mirror}"] if mirror else [])) == 0
    return run


def test_every_lambda_resource_is_made_kept_changed_and_destroyed(terraform: Terraform) -> None:
    # Given every Lambda resource
    assert terraform("apply", "-auto-approve") == 0

    # When nothing changes, and then the function, whose new version the aliases follow
    same = terraform("plan", "-detailed-exitcode")
    changed = terraform("apply", "-auto-approve", "-var=value=2")
    after = terraform("plan", "-detailed-exitcode", "-var=value=2")

    # Then each plan that should be empty is, and all is destroyed
    assert (same, changed, after) == (NO_CHANGES, 0, NO_CHANGES)
    assert terraform("destroy", "-auto-approve", "-var=value=2") == 0
