"""Fixtures: the function, imported as in a cold start, and its table on moto."""

import contextlib
import gc
import importlib
import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3
import hypothesis
import pytest
from moto import mock_aws

EVENTS = Path(__file__).parents[2] / "events"
TOKEN = "eyJraWQiOiJLTzRVMWZs"  # pragma: allowlist secret: in the Authorization header of every event here
REFERENCE = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
SESSION_TOKEN = "FwoGZXIvYXdzEBYaD"  # pragma: allowlist secret: of the role, as made up as the rest
FUNCTION_ENVIRONMENT = {"RIDES_TABLE": "Rides", "AWS_SESSION_TOKEN": SESSION_TOKEN}
MODULES = tuple(path.stem for path in (Path(__file__).parents[3] / "function").glob("*.py"))

hypothesis.settings.register_profile("short", max_examples=200, deadline=None, database=None)
hypothesis.settings.register_profile("fuzz", max_examples=100_000, deadline=None, database=None)
hypothesis.settings.load_profile("short")  # pytest's --hypothesis-profile=fuzz asks for the other


@dataclass
class LambdaContext:
    """Lambda's context of an invocation that times out so many seconds from now."""

    seconds: float
    aws_request_id: str = REFERENCE
    started: float = field(default_factory=time.monotonic)

    def get_remaining_time_in_millis(self) -> int:
        return int((self.started + self.seconds - time.monotonic()) * 1000)


@contextlib.contextmanager
def _cold_start(**environment: str) -> Iterator[ModuleType]:
    known = {name: sys.modules.pop(name) for name in MODULES if name in sys.modules}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**FUNCTION_ENVIRONMENT, **environment}.items():
            patch.setenv(name, value)
        module = importlib.import_module("request_unicorn")
        try:
            yield module
        finally:
            module.record.dynamodb.close()
            for name in MODULES:
                del sys.modules[name]
            sys.modules.update(known)
            gc.unfreeze()


@pytest.fixture(scope="session")
def cold_start() -> Callable[..., AbstractContextManager[ModuleType]]:
    """Return a function that imports the modules anew with these environment variables, as a cold start does."""
    return _cold_start


@pytest.fixture(scope="session")
def lambda_context() -> Callable[[float], LambdaContext]:
    """Return a maker of contexts for invocations with a timeout in seconds."""
    return LambdaContext


@pytest.fixture(scope="module")
def table() -> Iterator[Any]:
    """Yield moto's table of rides."""
    with mock_aws():
        yield boto3.resource("dynamodb").create_table(
            TableName="Rides",
            KeySchema=[{"AttributeName": "RideId", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "RideId", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )


@pytest.fixture(scope="module")
def started(table: Any) -> Iterator[ModuleType]:
    """Yield the function, imported once, with that table."""
    with _cold_start() as module:
        yield module


@pytest.fixture
def ask(started: ModuleType) -> Callable[[object], dict[str, Any]]:
    """Return a function that invokes the handler with an event."""
    return lambda event: started.handler(event, LambdaContext(seconds=10))


@pytest.fixture
def rides(table: Any) -> Callable[[], list[dict[str, Any]]]:
    """Empty the table; return a function that lists its rides."""
    for item in table.scan()["Items"]:
        table.delete_item(Key={"RideId": item["RideId"]})
    return lambda: table.scan()["Items"]


@pytest.fixture
def line(caplog: pytest.LogCaptureFixture) -> Callable[[], dict[str, Any]]:
    """Return a function that takes the one line logged since: its level, message and extra fields."""
    standard = vars(logging.makeLogRecord({})).keys()

    def _line() -> dict[str, Any]:
        (record,) = (each for each in caplog.records if each.name == "request_unicorn")
        caplog.clear()
        fields = {name: value for name, value in vars(record).items() if name not in standard}
        return {"level": record.levelname, "message": record.getMessage(), **fields}

    return _line


@pytest.fixture(scope="session")
def tutorial_event() -> str:
    """Return the tutorial's TestRequestEvent as JSON, so that each test changes its own copy."""
    return (EVENTS / "test_request_event.json").read_text()


@pytest.fixture(scope="session")
def event_of(tutorial_event: str) -> Callable[..., dict[str, Any]]:
    """Return a maker of the tutorial's event with another rider, body or headers."""

    def _event(
        body: object = None, rider: object = "the_username", **headers: object
    ) -> dict[str, Any]:
        event: dict[str, Any] = json.loads(tutorial_event)
        event["requestContext"]["authorizer"]["claims"]["cognito:username"] = rider
        event["headers"] |= {name.replace("_", "-"): value for name, value in headers.items()}
        event["body"] = event["body"] if body is None else body
        return event

    return _event


@pytest.fixture(autouse=True)
def nothing_secret_is_printed(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> Iterator[Callable[[], None]]:
    """Fail a test that logs, at any level, or prints the rider's token or the role's session token.

    Yields the check, which clears what it has checked, for tests that print a lot.
    """
    caplog.set_level("DEBUG")

    def check() -> None:
        logged = [str(vars(record)) for record in caplog.get_records("call")]
        printed = "".join([*logged, *capfd.readouterr()])
        caplog.clear()
        assert TOKEN not in printed
        assert SESSION_TOKEN not in printed

    yield check
    check()
