"""invoke.py over real sockets: a moto server, and small servers that answer as AWS refuses."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.awslambda.models import LambdaFunction
from moto.server import ThreadedMotoServer

from scripts.session import last_apply, running
from tests.support.made_up_function import RIDE, Executor
from tests.support.stand_in_aws import Answer, StandIn


@pytest.fixture(scope="module")
def moto_url() -> Iterator[str]:
    """Give a moto server, which shares its resources with moto's mocks in the tests of other modules."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    roles = boto3.client("iam", endpoint_url=url)
    tables = boto3.client("dynamodb", endpoint_url=url)
    functions = boto3.client("lambda", endpoint_url=url)
    role = roles.create_role(RoleName="InvokeTest", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    tables.create_table(
        TableName="Rides",
        KeySchema=[{"AttributeName": "RideId", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "RideId", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    tables.put_item(TableName="Rides", Item=RIDE)
    for name, variables in (("RequestUnicorn", {"RIDES_TABLE": "Rides"}), ("Tableless", {})):
        functions.create_function(
            FunctionName=name,
            Role=role,
            Code={"ZipFile": b"never unpacked here"},
            Runtime="python3.13",
            Handler="request_unicorn.handler",
            Environment={"Variables": variables},
            Publish=True,
        )
    functions.create_alias(FunctionName="RequestUnicorn", Name="live", FunctionVersion="1")
    yield url
    for name in ("RequestUnicorn", "Tableless"):
        functions.delete_function(FunctionName=name)
    tables.delete_table(TableName="Rides")
    roles.delete_role(RoleName="InvokeTest")
    server.stop()


@pytest.fixture
def aws(moto_url: str, monkeypatch: pytest.MonkeyPatch) -> Executor:
    """Moto with the function's answer made up: it wants Docker. Integration tests run the real one."""
    executor = Executor()

    def run(_: LambdaFunction, event: Any) -> tuple[str, bool, str]:
        executor.events.append(event)
        return executor.result, executor.failed, executor.logs

    monkeypatch.setattr(LambdaFunction, "_invoke_lambda", run)
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto_url)
    return executor


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., StandIn]]:
    """Start a stand-in for all of AWS, or for the service that `variable` names the endpoint of."""
    servers = []

    def start(variable: str = "AWS_ENDPOINT_URL", **answers: Answer) -> StandIn:
        stand_in = StandIn(answers)
        server = ThreadingHTTPServer(("127.0.0.1", 0), stand_in.handler())
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        servers.append((server, thread))
        monkeypatch.setenv(variable, f"http://127.0.0.1:{server.server_port}")
        return stand_in

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(autouse=True)
def nothing_applied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a checkout that has deployed nothing, and beside which nothing runs."""
    monkeypatch.setattr(last_apply, "FILE", tmp_path / ".local" / "applied.json")
    monkeypatch.setattr(running, "FOLDER", tmp_path / ".local" / "running")


@pytest.fixture
def closed_port() -> int:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        return server.server_port
