"""Connections are kept between requests, but not after a time in which they can have died unnoticed."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from types import ModuleType
from typing import Any
from unittest.mock import Mock

import pytest

from tests.support.fake_dynamodb import FakeDynamoDB, PutItem, fake_dynamodb

ColdStart = Callable[..., AbstractContextManager[ModuleType]]
EventOf = Callable[..., dict[str, Any]]
Context = Callable[[float], Any]


class KeptTable:
    """A table that keeps its connections open, and counts them."""

    def __init__(self, server: FakeDynamoDB) -> None:
        clients: set[Any] = set()

        class KeepAlive(PutItem):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                clients.add(self.client_address)
                super().setup()

        server.RequestHandlerClass = KeepAlive
        self.server, self.handler, self.clients = server, KeepAlive, clients


@pytest.fixture
def table() -> Iterator[KeptTable]:
    """Yield that table."""
    with fake_dynamodb() as server:
        yield KeptTable(server)


@pytest.mark.parametrize(
    ("seconds", "connections"),
    [
        *(([0, 0], 1), ([0, 30], 1), ([0, 31], 2), ([0, 30.5], 2), ([0, 3600], 2)),
        *(([0, 20, 40], 1), ([0, 31, 61], 2), ([0, 31, 62], 3), ([0, -60], 1)),
    ],
    ids=str,
)
def test_a_connection_is_reused_unless_it_was_idle_for_more_than_half_a_minute(
    table: KeptTable,
    cold_start: ColdStart,
    lambda_context: Context,
    event_of: EventOf,
    monkeypatch: pytest.MonkeyPatch,
    seconds: list[float],
    connections: int,
) -> None:
    # Given a function
    with cold_start(AWS_ENDPOINT_URL=table.server.url) as function:
        # When it writes rides at these times
        for second in seconds:
            clock = Mock(time=Mock(return_value=2_000_000_000 + second))
            monkeypatch.setattr(sys.modules["sdk"], "time", clock)
            assert function.handler(event_of(), lambda_context(10))["statusCode"] == 201

    # Then each took one request, over so many connections
    assert table.server.requests == len(seconds)
    assert len(table.clients) == connections


def test_a_connection_that_died_while_the_environment_was_frozen_costs_no_attempt(
    table: KeptTable,
    cold_start: ColdStart,
    lambda_context: Context,
    event_of: EventOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given a function whose kept connection leads to a peer that never answers again
    with cold_start(AWS_ENDPOINT_URL=table.server.url) as function:
        function.handler(event_of(), lambda_context(10))
        [died] = table.clients
        answer = table.handler.do_POST

        def answer_others(request: Any) -> None:
            if request.client_address == died:
                table.server.closing.wait()
            answer(request)

        monkeypatch.setattr(table.handler, "do_POST", answer_others)

        # When it is called after an hour, with time for one attempt only
        clock = Mock(time=Mock(return_value=time.time() + 3600))
        monkeypatch.setattr(sys.modules["sdk"], "time", clock)
        result = function.handler(event_of(), lambda_context(0.5))

    # Then that one succeeds
    assert result["statusCode"] == 201
