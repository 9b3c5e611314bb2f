"""The real zip, under AWS's runtime client, with a table that fails."""

import itertools
import json
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from request import BODY_LIMIT

from local_aws.processes.linux import children
from scripts.deployment_package.build import build
from scripts.project.paths import TUTORIAL_EVENT
from tests.integration.deployed import Client, Deployed
from tests.support.fake_dynamodb import FakeDynamoDB, fake_dynamodb

DeployRides = Callable[..., Deployed]


@pytest.fixture
def dynamodb() -> Iterator[FakeDynamoDB]:
    """Yield a table whose faults the test sets."""
    with fake_dynamodb() as server:
        yield server


@pytest.fixture
def rides(
    deploy: Callable[..., Deployed], dynamodb: FakeDynamoDB, tmp_path: Path
) -> Callable[..., Deployed]:
    """Return a function that deploys the real zip, with that table."""
    built = build(output=tmp_path / "function.zip")

    def deploy_rides(**configuration: Any) -> Deployed:
        variables = {"RIDES_TABLE": "Rides", "AWS_ENDPOINT_URL_DYNAMODB": dynamodb.url}
        return deploy(
            "request_unicorn.py",
            zip_file=built.path.read_bytes(),
            **{"Timeout": 10, "Environment": {"Variables": variables}, **configuration},
        )

    return deploy_rides


def event(key: str | None = None, latitude: float = 47.6) -> dict[str, Any]:
    asked: dict[str, Any] = json.loads(TUTORIAL_EVENT.read_text())
    asked["body"] = json.dumps({"PickupLocation": {"Latitude": latitude, "Longitude": -122.3}})
    if key is not None:
        asked["headers"]["Idempotency-Key"] = key
    return asked


def answered(function: Deployed, asked: dict[str, Any]) -> dict[str, Any]:
    """Call the function, which must not fail; return its answer."""
    answer = function.invoke(asked)
    assert "FunctionError" not in answer, answer["Payload"]
    payload: dict[str, Any] = answer["Payload"]
    return payload


@pytest.mark.parametrize(
    ("faults", "status"),
    [
        (["ThrottlingException"], 201),
        (["+reset"], 201),
        (itertools.repeat("ThrottlingException"), 503),
        (itertools.repeat("InternalServerError"), 503),
        (itertools.repeat("AccessDeniedException"), 500),
        (itertools.repeat("ResourceNotFoundException"), 500),
    ],
    ids=["throttled once", "answer lost", "throttled", "500s", "denied", "no table"],
)
def test_a_fault_is_answered_as_the_contract_says(
    rides: DeployRides, dynamodb: FakeDynamoDB, faults: Any, status: int
) -> None:
    # Given a table with faults
    function = rides()
    dynamodb.faults = iter(faults)

    # When a rider asks
    answer = answered(function, event())

    # Then the answer is the contract's, and a ride is recorded exactly if it is a 201
    assert answer["statusCode"] == status
    assert ("Retry-After" in answer["headers"]) == (status == 503)
    assert len(dynamodb.items) == (1 if status == 201 else 0)
    assert "arn:" not in answer["body"]


@pytest.mark.parametrize("fault", ["hang", "drip"])
def test_a_table_that_hangs_is_answered_before_a_short_timeout(
    rides: DeployRides, dynamodb: FakeDynamoDB, fault: str
) -> None:
    # Given a warm function with the shortest timeout that variables.tf allows, and a table that hangs
    function = rides(Timeout=3)
    answered(function, event())
    dynamodb.faults = itertools.repeat(fault)

    # When a rider asks
    answer = answered(function, event())

    # Then they are asked to retry
    assert (answer["statusCode"], answer["headers"]["Retry-After"]) == (503, "1")


def test_the_longest_body_fits_in_the_smallest_memory(rides: DeployRides) -> None:
    # Given a function with Lambda's least memory, and a body full of numbers
    function = rides(MemorySize=128)
    asked = event()
    start = asked["body"].removesuffix("}") + ', "x": [1'
    asked["body"] = start + ",1" * ((BODY_LIMIT - len(start) - 2) // 2) + "]}"

    # When a rider sends it, then they get a ride
    assert answered(function, asked)["statusCode"] == 201

    # When they send a longer one, then it is refused
    asked["body"] += "  "
    assert answered(function, asked)["statusCode"] == 400


def test_a_replay_is_the_first_ride_and_another_pickup_is_refused(
    rides: DeployRides, dynamodb: FakeDynamoDB
) -> None:
    # Given a ride that was requested with a key
    function = rides()
    first = answered(function, event("k"))

    # When it is requested again, and the key is used for another pickup
    replay = answered(function, event("k"))
    other = answered(function, event("k", latitude=1))

    # Then there is one ride
    assert replay == first
    assert other["statusCode"] == 422
    assert len(dynamodb.items) == 1


def test_a_kill_after_the_write_and_a_replay_are_one_ride(
    rides: DeployRides, dynamodb: FakeDynamoDB
) -> None:
    # Given a request whose ride is written, while the table holds back its answer
    function = rides()
    answered(function, event("warm"))
    dynamodb.faults = iter(["+hang"])
    with ThreadPoolExecutor(1) as thread:
        under_way = thread.submit(function.invoke, event("k"))
        while len(dynamodb.items) < 2:
            assert not under_way.done()

        # When the runtime is killed
        os.kill(runtime_of(function.name), signal.SIGKILL)
        killed = under_way.result(timeout=20)

    # Then the caller gets Lambda's error, and a retry with the same key gets the ride
    assert killed["Payload"]["errorType"] == "Runtime.ExitError"
    replay = answered(function, event("k"))
    assert replay["statusCode"] == 201
    assert json.loads(replay["body"])["RideId"] in dynamodb.items
    assert len(dynamodb.items) == 2


def test_the_token_is_never_logged(
    rides: DeployRides, dynamodb: FakeDynamoDB, client: Client
) -> None:
    # Given the tutorial's event, which has a token, and a function with the lowest log level
    logging = {"LogFormat": "JSON", "ApplicationLogLevel": "TRACE", "SystemLogLevel": "DEBUG"}
    function = rides(LoggingConfig=logging)
    dynamodb.faults = iter(["", "AccessDeniedException"])

    # When a ride and a fault are logged
    answered(function, event())
    answered(function, event())

    # Then no line has the token
    logs = client("logs").filter_log_events(logGroupName=function.log_group)["events"]
    printed = "".join(line["message"] for line in logs)
    assert "AccessDeniedException" in printed
    assert event()["headers"]["Authorization"] not in printed


def runtime_of(name: str) -> int:
    """Return the runtime process of the one execution environment of this function."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            emulator = (
                f"AWS_LAMBDA_FUNCTION_NAME={name}".encode() in (process / "environ").read_bytes()
            )
            is_emulator = b"aws-lambda-rie" in (process / "cmdline").read_bytes().split(b"\0")[0]
        except OSError:
            continue
        if emulator and is_emulator:
            return children(int(process.name))[0]
    raise LookupError(name)
