"""The connection to an emulator: it is kept from request to request, and what breaks is an OSError."""

import contextlib
import select
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from local_aws.functions.emulator_connection import EmulatorConnection

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
Serve = Callable[[list[list[bytes]]], EmulatorConnection]


@pytest.fixture
def emulator() -> Iterator[Serve]:
    """Give a way to start an emulator that answers, connection by connection, with these bytes."""
    listening = socket.create_server(("127.0.0.1", 0))
    connection = EmulatorConnection(listening.getsockname(), 5)
    threads = []

    def answer(connections: list[list[bytes]]) -> None:
        for answers in connections:
            with listening.accept()[0] as accepted:
                for each in answers:
                    accepted.recv(65536)
                    accepted.sendall(each)

    def serve(connections: list[list[bytes]]) -> EmulatorConnection:
        threads.append(threading.Thread(target=answer, args=(connections,)))
        threads[0].start()
        return connection

    with contextlib.closing(listening):
        yield serve
        connection.close()
        threads[0].join()


def ask(connection: EmulatorConnection) -> tuple[int, bytes]:
    descriptor = connection.send(b"{}", {"X-Amz-Client-Context": "e30="})
    assert select.select([descriptor], [], [], 5)[0]
    return connection.receive()


def test_two_requests_share_a_connection(emulator: Serve) -> None:
    # Given an emulator that answers twice on one connection, and serves no other
    connection = emulator([[ANSWER, ANSWER]])

    # When it is asked twice, then both are answered
    assert [ask(connection), ask(connection)] == [(200, b"ok"), (200, b"ok")]


def test_a_connection_that_the_emulator_closes_is_opened_again(emulator: Serve) -> None:
    # Given an emulator that closes after its answer
    closing = ANSWER.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    connection = emulator([[closing], [ANSWER]])

    # When it is asked twice, then both are answered
    assert [ask(connection), ask(connection)] == [(200, b"ok"), (200, b"ok")]


@pytest.mark.parametrize("answer", [ANSWER[:-1], b"no HTTP\r\n\r\n"])
def test_an_answer_that_is_cut_off_or_no_http_is_an_error(emulator: Serve, answer: bytes) -> None:
    # Given an emulator that dies in the middle of its answer, or says something else
    connection = emulator([[answer]])

    # When it is asked, then that is an OSError
    with pytest.raises(OSError, match=r"cut off|Expected|Invalid"):
        ask(connection)
