"""Keeps every test away from AWS: the environment of the whole run is that of a local run."""

import os

from local_aws.loopback import NOWHERE
from scripts.session.isolation import local_environment


def pytest_configure() -> None:
    """Replace the environment before any test module makes a client."""
    isolated = local_environment(NOWHERE, os.environ)
    del isolated["AWS_ENDPOINT_URL"]  # moto's in-process mocks answer for AWS's own names
    os.environ.clear()
    os.environ.update(isolated)
