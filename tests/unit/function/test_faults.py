"""DynamoDB out of order, at the other end of a real socket."""

import gc
import itertools
import json
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from types import ModuleType
from typing import Any

import pytest

from tests.support.fake_dynamodb import ARN, LASTING, PASSING, FakeDynamoDB, fake_dynamodb

SHORT = 2.4  # seconds: time for a few attempts where they fail at once

ColdStart = Callable[..., AbstractContextManager[ModuleType]]
EventOf = Callable[..., dict[str, Any]]
Context = Callable[[float], Any]
Line = Callable[[], dict[str, Any]]


@pytest.fixture(scope="module")
def server() -> Iterator[FakeDynamoDB]:
    """Give that table."""
    with fake_dynamodb() as server:
        yield server


@pytest.fixture(scope="module")
def function(server: FakeDynamoDB, cold_start: ColdStart) -> Iterator[ModuleType]:
    """Give the function, started with that table as all of AWS."""
    with cold_start(AWS_ENDPOINT_URL=server.url) as module:
        yield module


@pytest.fixture
def dynamodb(server: FakeDynamoDB) -> FakeDynamoDB:
    """Give that table, empty and in order."""
    server.items, server.faults, server.requests = {}, iter(()), 0
    return server


@pytest.mark.parametrize(
    "faults",
    [
        *([code] for code in [*PASSING, "reset", "hang"]),
        *(["+InternalServerError"], ["+reset"], ["+hang"], ["drip"], ["+drip"]),
        ["+reset", "ThrottlingException", "ServiceUnavailable"],
        ["ThrottlingException", "+InternalServerError", "reset"],
    ],
    ids=" ".join,
)
def test_what_passes_is_not_noticed(
    function: ModuleType,
    dynamodb: FakeDynamoDB,
    lambda_context: Context,
    event_of: EventOf,
    faults: list[str],
    line: Line,
) -> None:
    # Given a table that fails so, whether it has written the ride or not, and then works
    dynamodb.faults = iter(faults)

    # When a rider asks
    answer = function.handler(event_of(), lambda_context(10))

    # Then they have the one ride that is recorded, and it is no replay
    assert answer["statusCode"] == 201
    ((ride_id, item),) = dynamodb.items.items()
    told = json.loads(answer["body"])
    assert (told["RideId"], told["UnicornName"]) == (ride_id, item["UnicornName"]["S"])
    assert dynamodb.requests == len(faults) + 1
    assert line()["replayed"] is False


@pytest.mark.parametrize("fault", [*PASSING, "reset"])
def test_what_does_not_pass_in_time_is_answered_503(
    function: ModuleType,
    dynamodb: FakeDynamoDB,
    lambda_context: Context,
    event_of: EventOf,
    fault: str,
    line: Line,
) -> None:
    # Given a table that fails so, every time
    dynamodb.faults = itertools.repeat(fault)
    context = lambda_context(SHORT)

    # When a rider asks
    answer = function.handler(event_of(), context)

    # Then they are asked to come back, the function is in time, and the log has the cause
    assert context.get_remaining_time_in_millis() > 0
    assert answer["statusCode"] == 503
    assert answer["headers"]["Retry-After"] == "1"
    assert json.loads(answer["body"])["Error"] == (
        "No unicorn can be sent just now. Please try again."
    )
    assert dynamodb.requests > 1
    logged = line()
    assert (logged["level"], logged["outcome"]) == ("ERROR", "table_unavailable")
    assert ("ConnectionClosedError" if fault == "reset" else fault) in logged["cause"]


@pytest.mark.parametrize("fault", LASTING)
def test_what_will_not_pass_is_answered_500_at_once(
    function: ModuleType,
    dynamodb: FakeDynamoDB,
    lambda_context: Context,
    event_of: EventOf,
    fault: str,
    line: Line,
) -> None:
    # Given a table that refuses the function so
    dynamodb.faults = itertools.repeat(fault)

    # When a rider asks
    answer = function.handler(event_of(), lambda_context(10))

    # Then there was one attempt, and the log alone has the cause
    assert answer["statusCode"] == 500
    assert "Retry-After" not in answer["headers"]
    assert json.loads(answer["body"]) == {
        "Error": "Something went wrong on our side. Please try again later.",
        "Reference": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
    }
    assert dynamodb.requests == 1
    cause = line()["cause"]
    assert fault in cause
    assert ARN in cause


def test_a_table_that_hangs_is_answered_503_within_three_seconds(
    function: ModuleType,
    dynamodb: FakeDynamoDB,
    lambda_context: Context,
    event_of: EventOf,
    line: Line,
) -> None:
    # Given a table that takes requests and never answers, and Lambda's own default timeout
    dynamodb.faults = itertools.repeat("hang")
    context = lambda_context(3)

    # When a rider asks
    answer = function.handler(event_of(), context)

    # Then the function is in time
    assert context.get_remaining_time_in_millis() > 0
    assert (answer["statusCode"], answer["headers"]["Retry-After"]) == (503, "1")
    logged = line()
    assert "ReadTimeoutError" in logged["cause"]
    assert 1000 <= logged["duration_ms"] < 3000  # from one attempt to the whole timeout


def test_a_table_that_answers_in_drips_is_answered_503_in_time(
    function: ModuleType,
    dynamodb: FakeDynamoDB,
    lambda_context: Context,
    event_of: EventOf,
    line: Line,
) -> None:
    # Given a table that keeps the SDK waiting for a last byte that never comes
    dynamodb.faults = itertools.repeat("drip")
    context = lambda_context(3)

    # When a rider asks
    answer = function.handler(event_of(), context)

    # Then the function is in time
    assert context.get_remaining_time_in_millis() > 0
    assert (answer["statusCode"], answer["headers"]["Retry-After"]) == (503, "1")
    assert "took too long" in line()["cause"]


@pytest.mark.parametrize("cause", ["ConnectTimeoutError", "EndpointConnectionError"])
def test_a_table_that_cannot_be_connected_to_is_answered_503(
    cold_start: ColdStart, lambda_context: Context, event_of: EventOf, cause: str, line: Line
) -> None:
    # Given a port whose queue is full, so that the kernel drops who would connect, or a closed one
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        host, port = listener.getsockname()
        if cause == "ConnectTimeoutError":
            stack.enter_context(socket.create_connection((host, port)))
        else:
            listener.close()
        function = stack.enter_context(cold_start(AWS_ENDPOINT_URL=f"http://{host}:{port}"))
        context = lambda_context(3)

        # When a rider asks
        answer = function.handler(event_of(), context)

    # Then the function is in time
    assert context.get_remaining_time_in_millis() > 0
    assert (answer["statusCode"], answer["headers"]["Retry-After"]) == (503, "1")
    assert cause in line()["cause"]


# The SDK leaves a socket that was interrupted while it connected to the garbage collector.
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_a_table_with_many_addresses_that_lead_nowhere_is_answered_503(
    cold_start: ColdStart,
    lambda_context: Context,
    event_of: EventOf,
    line: Line,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given a name with ten addresses, all of a port whose queue is full
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        host, port = listener.getsockname()
        stack.enter_context(socket.create_connection((host, port)))
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM) * 10
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_: addresses)
        function = stack.enter_context(cold_start(AWS_ENDPOINT_URL=f"http://{host}:{port}"))
        context = lambda_context(3)

        # When a rider asks
        answer = function.handler(event_of(), context)
        gc.collect()

    # Then the function is in time
    assert context.get_remaining_time_in_millis() > 0
    assert (answer["statusCode"], answer["headers"]["Retry-After"]) == (503, "1")
    assert "took too long" in line()["cause"]


def test_a_function_with_hardly_any_time_left_still_tries_once(
    function: ModuleType, dynamodb: FakeDynamoDB, lambda_context: Context, event_of: EventOf
) -> None:
    # Given a table that works, when the function has a tenth of a second, then that is enough
    assert function.handler(event_of(), lambda_context(0.1))["statusCode"] == 201


def test_a_replay_after_a_503_finds_the_ride_that_was_written(
    function: ModuleType, dynamodb: FakeDynamoDB, lambda_context: Context, event_of: EventOf
) -> None:
    # Given a table that wrote the ride, and lost the answer for longer than the function has
    dynamodb.faults = itertools.chain(["+reset"], itertools.repeat("reset", 99))
    event = event_of(idempotency_key="k")
    assert function.handler(event, lambda_context(SHORT))["statusCode"] == 503

    # When the rider comes back with the same key, as told
    dynamodb.faults = iter(())
    answer = function.handler(event, lambda_context(10))

    # Then they get the ride that was theirs all along
    assert answer["statusCode"] == 201
    assert [*dynamodb.items] == [json.loads(answer["body"])["RideId"]]


def test_at_debug_level_no_request_of_the_sdk_is_logged(
    server: FakeDynamoDB,
    cold_start: ColdStart,
    lambda_context: Context,
    event_of: EventOf,
    caplog: pytest.LogCaptureFixture,
) -> None:
    # Given an operator who sets the function's log level to DEBUG, before it starts
    for package in ("botocore", "urllib3"):
        logging.getLogger(package).setLevel(logging.NOTSET)
    with cold_start(AWS_ENDPOINT_URL=server.url) as module:
        # When a rider asks
        module.handler(event_of(rider="rider@example.com"), lambda_context(10))

    # Then botocore, which would log name, pickup and session token, and urllib3 are silent
    assert {each.name for each in caplog.records} == {"request_unicorn"}
    assert "rider@example.com" not in caplog.text
