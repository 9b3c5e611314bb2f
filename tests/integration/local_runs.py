"""The environment of a local run, and one provider for all its commands of Terraform."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from scripts.session.isolation import local_environment
from scripts.terraform.local_stack import LocalStack
from scripts.terraform.running_provider import running_provider


@contextlib.contextmanager
def local_run_on(endpoint: str, folder: Path) -> Iterator[Mapping[str, str]]:
    """Yield the environment of a local run on that local AWS, whose provider runs for a `with` block.

    Each command of Terraform would start the provider up to three times. `folder` is where it is initialised.
    """
    environment = local_environment(endpoint, os.environ)
    stack = LocalStack(folder / "initialised")
    with entered(environment):
        stack.init()
    with running_provider(stack.folder / ".terraform", environment) as with_provider:
        yield with_provider


@contextlib.contextmanager
def entered(environment: Mapping[str, str]) -> Iterator[None]:
    """Give this process these variables for a `with` block."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        yield
