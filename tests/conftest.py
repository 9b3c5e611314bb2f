"""Keeps every test away from AWS: the environment of the whole run is that of a local run."""

import functools
import gc
import os
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from botocore.loaders import JSONFileLoader

from local_aws.loopback import NOWHERE
from scripts.session import last_apply, running
from scripts.session.isolation import TERRAFORM_VARIABLE, local_environment

# The name of the files that hold a service's model.
MODEL = "service-2"


def pytest_configure() -> None:
    """Replace the environment before any test module makes a client."""
    isolated = local_environment(NOWHERE, os.environ)
    isolated = {
        name: value for name, value in isolated.items() if not name.startswith(TERRAFORM_VARIABLE)
    }
    del isolated["AWS_ENDPOINT_URL"]  # moto's in-process mocks answer for AWS's own names
    os.environ.clear()
    os.environ.update(isolated)
    # What is collected stays: looking for garbage in it takes a quarter of the time.
    gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage again, in what the tests make."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _no_apply_of_this_checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what this checkout was applied to, and the local AWSs that run in it, out of the tests."""
    folder = tmp_path_factory.mktemp("local")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(last_apply, "FILE", folder / "applied.json")
        patch.setattr(running, "FOLDER", folder / "running")
        yield


@pytest.fixture(scope="session", autouse=True)
def _rules_for_endpoints_are_read_once() -> Iterator[None]:
    """Keep the files from which botocore computes endpoints, of which each of its sessions reads a megabyte.

    It also changes what it reads of a service's model: that must be read anew.
    """
    load = JSONFileLoader.load_file
    kept = functools.cache(functools.partial(load, JSONFileLoader()))

    def load_file(loader: JSONFileLoader, path: str) -> Any:
        return load(loader, path) if path.endswith(MODEL) else kept(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(JSONFileLoader, "load_file", load_file)
        yield


@pytest.fixture(autouse=True)
def _the_environment_is_as_it_was() -> Iterator[None]:
    """Undo what a verb does to this process's environment, as `isolation.enter` does."""
    with mock.patch.dict(os.environ):
        yield
