"""A function with two versions and an alias, for what only reads or is refused."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.integration.deployed import TRUST_LAMBDA, Client, zipped

PREFIX = "arn:aws:lambda:us-east-1:123456789012:function:"


@dataclass(frozen=True)
class Prepared:
    """A function on a local AWS; `live` is an alias of its version 1."""

    name: str
    role: str
    service: Any

    @property
    def arn(self) -> str:
        return PREFIX + self.name

    def ready(self) -> "Prepared":
        """Wait until it has been made or updated."""
        self.service.get_waiter("function_updated_v2").wait(
            FunctionName=self.name, WaiterConfig={"Delay": 0.05, "MaxAttempts": 100}
        )
        return self


def make(client: Client, **configuration: Any) -> Prepared:
    """Make a function, and wait until it is active."""
    name = f"api-{uuid.uuid4().hex[:8]}"
    role = client("iam").create_role(
        RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST_LAMBDA)
    )["Role"]["Arn"]
    function = Prepared(name, role, client("lambda"))
    function.service.create_function(
        **{
            "FunctionName": name,
            "Runtime": "python3.13",
            "Role": role,
            "Handler": "probe.handler",
            "Code": {"ZipFile": zipped("probe.py")},
            **configuration,
        }
    )
    return function.ready()


def unmake(client: Client, function: Prepared) -> None:
    function.service.delete_function(FunctionName=function.name)
    client("iam").delete_role(RoleName=function.name)


@pytest.fixture
def function(client: Client) -> Iterator[Prepared]:
    """Give a function of one test's own."""
    made = make(client)
    yield made
    unmake(client, made)


@pytest.fixture(scope="module")
def prepared(client: Client) -> Iterator[Prepared]:
    """Give a function that no test changes."""
    made = make(client, Publish=True)
    made.service.update_function_configuration(FunctionName=made.name, Description="second")
    made.ready().service.publish_version(FunctionName=made.name)
    made.service.create_alias(FunctionName=made.name, Name="live", FunctionVersion="1")
    yield made
    unmake(client, made)
