"""Runs Terraform's own tests, tests/*.tftest.hcl: a file per test, so that pytest runs them in parallel."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_aws.loopback import NOWHERE
from scripts.project.paths import LOCK_FILE, ROOT
from scripts.session.isolation import local_environment
from scripts.terraform.provider_mirror import find_mirror
from scripts.terraform.running_provider import running_provider

FILES = sorted(path.name for path in (ROOT / "tests").glob("*.tftest.hcl"))


@pytest.fixture(scope="module")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Initialise the repository with a data folder elsewhere, and start the provider once.

    Yields the environment for Terraform.
    """
    environment = local_environment(NOWHERE, os.environ)
    data = tmp_path_factory.mktemp("terraform")
    environment["TF_DATA_DIR"] = str(data)
    mirror = find_mirror(LOCK_FILE)
    plugins = [f"-plugin-dir={mirror}"] if mirror else []
    done = terraform("init", "-backend=false", "-lockfile=readonly", *plugins, env=environment)
    assert done.returncode == 0, done.stderr
    with running_provider(data, environment) as with_provider:
        yield with_provider


def terraform(*arguments: str, env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["terraform", *arguments, "-no-color"],  # noqa: S607 - on PATH, as for a person
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("file", FILES)
def test_the_file_passes(initialised: dict[str, str], file: str) -> None:
    # Given the configuration, and a mocked provider
    # When Terraform runs the file
    done = terraform("test", f"-filter={Path('tests', file)}", env=initialised)

    # Then every run in it passes
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 failed" in done.stdout
