"""A local AWS for a worker's whole run, and functions on it for one test."""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from local_aws.client import local_aws
from local_aws.functions.namespaces import PLAIN_VARIABLE
from tests.integration import deployed
from tests.integration.local_runs import entered, local_run_on


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """Give the endpoint of a local AWS that this worker's tests share."""
    with local_aws() as url:
        yield url


@pytest.fixture(scope="session")
def plain_endpoint() -> Iterator[str]:
    """Give the endpoint of a local AWS whose environments have no namespaces, as on a machine that forbids them."""
    with contextlib.ExitStack() as running:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(PLAIN_VARIABLE, "1")
            url = running.enter_context(local_aws())
        yield url


@pytest.fixture
def way(request: pytest.FixtureRequest) -> str:
    """Give the way in which functions are run: `namespaces`, where this machine allows them, or `plain`."""
    return str(getattr(request, "param", "namespaces"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests of a module that says BOTH_WAYS in both ways, if they run functions."""
    if getattr(metafunc.module, "BOTH_WAYS", False) and "way" in metafunc.fixturenames:
        metafunc.parametrize("way", ["namespaces", "plain"], indirect=True)


@pytest.fixture(scope="session")
def client(endpoint: str) -> deployed.Client:
    """Give a maker of clients for the local AWS."""
    return deployed.clients_of(endpoint)


@pytest.fixture(scope="session")
def local_run(
    endpoint: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, str]]:
    """Yield the environment of a local run on that local AWS, with one provider for all of this worker's tests."""
    with local_run_on(endpoint, tmp_path_factory.mktemp("local-run")) as environment:
        yield environment


@pytest.fixture
def isolated(local_run: Mapping[str, str]) -> Iterator[None]:
    """Give this process the environment of a local run on that local AWS."""
    with entered(local_run):
        yield


@pytest.fixture
def deploy(way: str, request: pytest.FixtureRequest) -> Iterator[deployed.Deploy]:
    """Give a maker of functions, which are removed after the test."""
    endpoint = request.getfixturevalue("plain_endpoint" if way == "plain" else "endpoint")
    client = deployed.clients_of(endpoint)
    made: list[deployed.Deployed] = []

    def deploy_and_note(*arguments: Any, **configuration: Any) -> deployed.Deployed:
        made.append(deployed.deploy(client, *arguments, **configuration))
        return made[-1]

    yield deploy_and_note
    for function in made:
        function.remove()
