"""Terraform's own tests, tests/*.tftest.hcl, pass: a test for each file."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeGuard

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


@pytest.fixture(scope="module")
def messages(
    request: pytest.FixtureRequest, initialised: dict[str, str]
) -> dict[str, list[dict[str, Any]]]:
    """Run the files of the chosen tests in one Terraform, which is a third of the work; return its messages by file."""
    items = [item for item in request.session.items if _is_ours(item)]
    chosen = {str(item.callspec.params["file"]) for item in items}
    filters = [f"-filter=tests/{file}" for file in sorted(chosen)]
    done = terraform("test", "-json", *filters, env=initialised)
    by_file: dict[str, list[dict[str, Any]]] = {file: [] for file in chosen}
    for message in map(json.loads, done.stdout.splitlines()):
        by_file.setdefault(Path(message.get("@testfile", "")).name, []).append(message)
    return by_file


def _is_ours(item: pytest.Item) -> TypeGuard[pytest.Function]:
    return isinstance(item, pytest.Function) and item.function is test_the_file_passes


@pytest.mark.parametrize("file", FILES)
def test_the_file_passes(messages: dict[str, list[dict[str, Any]]], file: str) -> None:
    # Given the configuration, and a mocked provider
    # When Terraform runs the file
    ends = [message["test_file"] for message in messages[file] if "test_file" in message]

    # Then every run in it passes
    every = [*messages[file], *messages[""]]
    faults = [message["diagnostic"] for message in every if "diagnostic" in message]
    assert [end["status"] for end in ends[-1:]] == ["pass"], json.dumps(faults, indent=2)
