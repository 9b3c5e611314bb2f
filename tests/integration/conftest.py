"""A local AWS for a whole test run, and a client for each of its services that the tests use."""

import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from deployed import Deployed, zipped
from isolation import local_environment
from local_process import local_aws

TRUST_LAMBDA = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """Give the endpoint of a local AWS that this worker's tests share."""
    with local_aws() as url:
        yield url


@pytest.fixture(scope="session")
def client(endpoint: str) -> Callable[[str], Any]:
    """Give a maker of clients for the local AWS."""
    environment = local_environment(endpoint, {})
    session = boto3.Session(
        environment["AWS_ACCESS_KEY_ID"],
        environment["AWS_SECRET_ACCESS_KEY"],
        region_name=environment["AWS_REGION"],
    )
    return lambda service: session.client(service, endpoint_url=endpoint)


@pytest.fixture
def deploy(client: Callable[[str], Any]) -> Iterator[Callable[..., Deployed]]:
    """Give a maker of functions from a file of tests/integration/functions; they are removed afterwards."""
    made: list[Deployed] = []

    def _deploy(file: str, **configuration: Any) -> Deployed:
        name = f"{Path(file).stem}-{uuid.uuid4().hex[:8]}"
        function = Deployed(name, f"/aws/lambda/{name}", client)
        made.append(function)
        role = client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=TRUST_LAMBDA)
        client("logs").create_log_group(logGroupName=function.log_group)
        client("lambda").create_function(
            **{
                "FunctionName": name,
                "Runtime": "python3.13",
                "Role": role["Role"]["Arn"],
                "Handler": f"{Path(file).stem}.handler",
                "Code": {"ZipFile": zipped(file)},
                **configuration,
            }
        )
        return function

    yield _deploy
    for function in made:
        client("lambda").delete_function(FunctionName=function.name)
        client("logs").delete_log_group(logGroupName=function.log_group)
        client("iam").delete_role(RoleName=function.name)
