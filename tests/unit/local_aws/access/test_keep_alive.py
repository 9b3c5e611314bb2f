"""One connection carries many requests, whatever the application did with the previous ones."""

import contextlib
import socket
import threading
from collections.abc import Iterable, Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
from werkzeug.serving import make_server

from local_aws.access.keep_alive import KeepAliveHandler


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Echo the body; /unread ignores it, /empty answers 204, and /broken raises."""
    if environ["PATH_INFO"] == "/broken":
        raise ValueError("an error in the application")
    if environ["PATH_INFO"] == "/empty":
        start_response("204 No Content", [])
        return []
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"unread"] if environ["PATH_INFO"] == "/unread" else [environ["wsgi.input"].read()]


@pytest.fixture
def port() -> Iterator[int]:
    server = make_server(
        "127.0.0.1", 0, application, threaded=True, request_handler=KeepAliveHandler
    )
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def connection(port: int) -> Iterator[HTTPConnection]:
    with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=5)) as opened:
        opened.connect()
        yield opened


@pytest.mark.parametrize("path", ["/echo", "/unread", "/empty"])
def test_a_connection_serves_the_next_request_after_any_other(
    connection: HTTPConnection, path: str
) -> None:
    # Given a connection on which a request with a body was answered
    connection.request("POST", path, b"first")
    connection.getresponse().read()
    opened = connection.sock

    # When another is sent
    connection.request("POST", "/echo", b"second")

    # Then it is answered, on the same connection
    assert connection.getresponse().read() == b"second"
    assert connection.sock is opened


def test_a_body_may_come_in_chunks(connection: HTTPConnection) -> None:
    # Given a body of unknown length, when it is sent
    connection.request("POST", "/echo", iter([b"one ", b"two"]), encode_chunked=True)

    # Then the application receives all of it
    assert connection.getresponse().read() == b"one two"


def test_a_client_that_expects_100_continue_receives_it(port: int) -> None:
    # Given a client that expects 100-continue, as SDKs do before a large upload
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        head = b"POST /echo HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
        client.sendall(head)

        # When it receives 100 Continue, then its body is answered
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"body")
        assert client.recv(1000).endswith(b"\r\n\r\nbody")


def test_an_error_in_the_application_is_answered_and_logged(
    connection: HTTPConnection, caplog: pytest.LogCaptureFixture
) -> None:
    # Given a request that the application fails on, when it is sent
    connection.request("POST", "/broken", b"first")
    answer = connection.getresponse()
    answer.read()

    # Then the client receives a 500, the log has the reason, and the connection serves the next request
    assert answer.status == 500
    assert "an error in the application" in caplog.text
    connection.request("POST", "/echo", b"second")
    assert connection.getresponse().read() == b"second"


@pytest.mark.parametrize("length", [b"many", b"-1"])
def test_a_length_that_is_none_is_taken_for_no_body(port: int, length: bytes) -> None:
    # Given a request that misstates its length, when it is sent
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(
            b"POST /unread HTTP/1.1\r\nHost: here\r\nContent-Length: " + length + b"\r\n\r\n"
        )

        # Then it is answered
        assert client.recv(1000).startswith(b"HTTP/1.1 200 OK")
