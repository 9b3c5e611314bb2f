"""DynamoDB failures, over a real socket."""

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
    """Yield that server."""
    with fake_dynamodb() as server:
        yield server


@pytest.fixture(scope="module")
def function(server: FakeDynamoDB, cold_start: ColdStart) -> Iterator[ModuleType]:
    """Yield the function, with that server as its AWS endpoint."""
    with cold_start(AWS_ENDPOINT_URL=server.url) as module:
        yield module


@pytest.fixture
def dynamodb(server: FakeDynamoDB) -> FakeDynamoDB:
    """Return that server, empty and without faults."""
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
def test_a_transient_fault_does_not_reach_the_rider(
    function: ModuleType,
    dynamodb: FakeDynamoDB,
    lambda_context: Context,
    event_of: EventOf,
    faults: list[str],
    line: Line,
) -> None:
    # Given a table that fails in this way, with or without writing the ride, and then works
    dynamodb.faults = iter(faults)

    # When a rider asks
    answer = function.handler(event_of(), lambda_context(10))

    # Then they get the one ride that is recorded, and it is not a replay
    assert answer["statusCode"] == 201
    ((ride_id, item),) = dynamodb.items.items()
    body = json.loads(answer["body"])
    assert (body["RideId"], body["UnicornName"]) == (ride_id, item["UnicornName"]["S"])
    assert dynamodb.requests == len(faults) + 1
    assert line()["replayed"] is False


@pytest.mark.parametrize("fault", [*PASSING, "reset"])
def test_a_fault_that_lasts_too_long_is_answered_503(
    function: ModuleType,
    dynamodb: FakeDynamoDB,
    lambda_context: Context,
    event_of: EventOf,
    fault: str,
    line: Line,
) -> None:
    # Given a table that always fails in this way
    dynamodb.faults = itertools.repeat(fault)
    context = lambda_context(SHORT)

    # When a rider asks
    answer = function.handler(event_of(), context)

    # Then they are asked to retry, before the timeout, and the log has the cause
    assert context.get_remaining_time_in_millis() > 0
    assert answer["statusCode"] == 503
    assert answer["headers"]["Retry-After"] == "1"
    assert json.loads(answer["body"])["Error"] == (
        "We cannot send a unicorn right now. Please try again."
    )
    assert dynamodb.requests > 1
    logged = line()
    assert (logged["level"], logged["outcome"]) == ("ERROR", "table_unavailable")
    assert ("ConnectionClosedError" if fault == "reset" else fault) in logged["cause"]


@pytest.mark.parametrize("fault", LASTING)
def test_a_permanent_fault_is_answered_500_without_a_retry(
    function: ModuleType,
    dynamodb: FakeDynamoDB,
    lambda_context: Context,
    event_of: EventOf,
    fault: str,
    line: Line,
) -> None:
    # Given a table that refuses the request in this way
    dynamodb.faults = itertools.repeat(fault)

    # When a rider asks
    answer = function.handler(event_of(), lambda_context(10))

    # Then there was one attempt, and only the log has the cause
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
    # Given a table that never answers, and Lambda's default timeout
    dynamodb.faults = itertools.repeat("hang")
    context = lambda_context(3)

    # When a rider asks
    answer = function.handler(event_of(), context)

    # Then the function answers before the timeout
    assert context.get_remaining_time_in_millis() > 0
    assert (answer["statusCode"], answer["headers"]["Retry-After"]) == (503, "1")
    logged = line()
    assert "ReadTimeoutError" in logged["cause"]
    assert 1000 <= logged["duration_ms"] < 3000  # from one attempt to the whole timeout


def test_a_table_that_answers_byte_by_byte_is_answered_503_in_time(
    function: ModuleType,
    dynamodb: FakeDynamoDB,
    lambda_context: Context,
    event_of: EventOf,
    line: Line,
) -> None:
    # Given a table that sends a byte at a time and never the last one
    dynamodb.faults = itertools.repeat("drip")
    context = lambda_context(3)

    # When a rider asks
    answer = function.handler(event_of(), context)

    # Then the function answers before the timeout
    assert context.get_remaining_time_in_millis() > 0
    assert (answer["statusCode"], answer["headers"]["Retry-After"]) == (503, "1")
    assert "took too long" in line()["cause"]


@pytest.mark.parametrize("cause", ["ConnectTimeoutError", "EndpointConnectionError"])
def test_a_table_that_cannot_be_connected_to_is_answered_503(
    cold_start: ColdStart, lambda_context: Context, event_of: EventOf, cause: str, line: Line
) -> None:
    # Given a port with a full backlog, so that the kernel drops connections, or a closed one
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

    # Then the function answers before the timeout
    assert context.get_remaining_time_in_millis() > 0
    assert (answer["statusCode"], answer["headers"]["Retry-After"]) == (503, "1")
    assert cause in line()["cause"]


# The SDK leaves it to the garbage collector to close a socket that was interrupted while connecting.
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_a_table_with_many_unreachable_addresses_is_answered_503(
    cold_start: ColdStart,
    lambda_context: Context,
    event_of: EventOf,
    line: Line,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given a name with ten addresses, all of a port with a full backlog
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

    # Then the function answers before the timeout
    assert context.get_remaining_time_in_millis() > 0
    assert (answer["statusCode"], answer["headers"]["Retry-After"]) == (503, "1")
    assert "took too long" in line()["cause"]


def test_a_function_with_little_time_left_still_tries_once(
    function: ModuleType, dynamodb: FakeDynamoDB, lambda_context: Context, event_of: EventOf
) -> None:
    # Given a table that works, when the function has a tenth of a second left, then it succeeds
    assert function.handler(event_of(), lambda_context(0.1))["statusCode"] == 201


def test_a_retry_after_a_503_gets_the_ride_that_was_written(
    function: ModuleType, dynamodb: FakeDynamoDB, lambda_context: Context, event_of: EventOf
) -> None:
    # Given a table that wrote the ride, and then failed until the function gave up
    dynamodb.faults = itertools.chain(["+reset"], itertools.repeat("reset", 99))
    event = event_of(idempotency_key="k")
    assert function.handler(event, lambda_context(SHORT))["statusCode"] == 503

    # When the rider retries with the same key
    dynamodb.faults = iter(())
    answer = function.handler(event, lambda_context(10))

    # Then they get the ride that was written
    assert answer["statusCode"] == 201
    assert [*dynamodb.items] == [json.loads(answer["body"])["RideId"]]


def test_at_debug_level_no_request_of_the_sdk_is_logged(
    server: FakeDynamoDB,
    cold_start: ColdStart,
    lambda_context: Context,
    event_of: EventOf,
    caplog: pytest.LogCaptureFixture,
) -> None:
    # Given a function whose log level is DEBUG
    for package in ("botocore", "urllib3"):
        logging.getLogger(package).setLevel(logging.NOTSET)
    with cold_start(AWS_ENDPOINT_URL=server.url) as module:
        # When a rider asks
        module.handler(event_of(rider="rider@example.com"), lambda_context(10))

    # Then botocore, which would log rider, pickup and session token, logs nothing, nor does urllib3
    assert {each.name for each in caplog.records} == {"request_unicorn"}
    assert "rider@example.com" not in caplog.text
