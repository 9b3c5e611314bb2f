"""A local AWS for a worker's whole run, and functions on it for one test."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from local_aws.client import local_aws
from scripts.session.isolation import local_environment
from tests.integration import deployed


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """Give the endpoint of a local AWS that this worker's tests share."""
    with local_aws() as url:
        yield url


@pytest.fixture(scope="session")
def client(endpoint: str) -> deployed.Client:
    """Give a maker of clients for the local AWS."""
    return deployed.clients_of(endpoint)


@pytest.fixture
def isolated(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give this process the environment of a local run on that local AWS."""
    for name, value in local_environment(endpoint, os.environ).items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def deploy(client: deployed.Client) -> Iterator[deployed.Deploy]:
    """Give a maker of functions, which are removed after the test."""
    made: list[deployed.Deployed] = []

    def deploy_and_note(*arguments: Any, **configuration: Any) -> deployed.Deployed:
        made.append(deployed.deploy(client, *arguments, **configuration))
        return made[-1]

    yield deploy_and_note
    for function in made:
        function.remove()
