"""Keeps every test away from AWS: the environment of the whole run is that of a local run."""

import os

from isolation import local_environment

LOOPBACK = "http://127.0.0.1:9"  # nothing answers there; tests that want a server name their own


def pytest_configure() -> None:
    """Replace the environment before any test module makes a client."""
    isolated = local_environment(LOOPBACK, os.environ)
    del isolated["AWS_ENDPOINT_URL"]  # moto's in-process mocks answer for AWS's own names
    os.environ.clear()
    os.environ.update(isolated)
