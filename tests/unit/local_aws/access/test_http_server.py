"""HTTP: one connection carries many requests, and malformed ones never reach the application."""

import contextlib
import socket
import threading
from collections.abc import Iterable, Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
from werkzeug.serving import make_server

from local_aws.access.http_server import HttpHandler


def everything_from(client: socket.socket) -> bytes:
    """Return all that the server sends until it closes the connection."""
    received = b""
    while part := client.recv(65536):
        received += part
    return received


@pytest.fixture
def served() -> list[str]:
    """Return the list of paths that the application has served."""
    return []


@pytest.fixture
def port(served: list[str]) -> Iterator[int]:
    """Yield the port of an application that echoes the body; /unread ignores it, /empty answers 204, /broken raises."""

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        served.append(environ["PATH_INFO"])
        if environ["PATH_INFO"] == "/broken":
            raise ValueError("an error in the application")
        if environ["PATH_INFO"] == "/empty":
            start_response("204 No Content", [])
            return []
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"unread"] if environ["PATH_INFO"] == "/unread" else [environ["wsgi.input"].read()]

    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=HttpHandler)
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


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: many",
        b"Content-Length: -1",
        b"Content-Length: +2",
        b"Content-Length: 2\r\nContent-Length: 4",
        b"Transfer-Encoding: xchunked",
        b"Transfer-Encoding: gzip, chunked",
    ],
)
def test_a_request_with_a_malformed_length_is_refused(
    port: int, served: list[str], headers: bytes
) -> None:
    # Given a request whose length is malformed or ambiguous
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        # When it is sent
        client.sendall(b"POST /echo HTTP/1.1\r\nHost: here\r\n" + headers + b"\r\n\r\n{}{}")
        answer = everything_from(client)

        # Then it is refused, the connection is closed, and the application never sees it
        assert answer.split(b" ")[1] in (b"400", b"501")
        assert b"The local AWS cannot read this request" in answer
        assert served == []


@pytest.mark.parametrize(
    "headers",
    [
        b"",
        b"Host: here\r\nHost: there\r\n",
        b"Host: here\r\nUpgrade: h2c\r\nConnection: upgrade\r\nTransfer-Encoding: chunked\r\n",
        b"Host: here\r\nLong: " + b"x" * 200_000,
    ],
)
def test_a_request_with_headers_that_rfc_9112_forbids_is_refused(
    port: int, served: list[str], headers: bytes
) -> None:
    # Given a request whose headers are not as they must be
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        # When it is sent
        with contextlib.suppress(ConnectionError):
            client.sendall(b"GET /echo HTTP/1.1\r\n" + headers + b"\r\n")
            # Then it is refused, and the application never sees it
            assert everything_from(client).startswith(b"HTTP/1.1 400 ")
        assert served == []


def test_a_request_that_asks_for_another_protocol_is_served_in_this_one(port: int) -> None:
    # Given a client that would rather speak HTTP/2, as Java's does
    head = b"POST /echo HTTP/1.1\r\nHost: here\r\nUpgrade: h2c\r\nConnection: upgrade\r\nContent-Length: 4\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        # When it sends a request with a body, in two parts
        client.sendall(head + b"bo")
        client.sendall(b"dy")

        # Then it is answered
        assert everything_from(client).endswith(b"\r\n\r\nbody")


def test_requests_that_are_sent_together_are_answered_one_after_the_other(port: int) -> None:
    # Given two requests sent at once, the last of which ends the connection
    first = b"POST /echo HTTP/1.1\r\nHost: here\r\nContent-Length: 3\r\n\r\none"
    second = (
        b"POST /echo HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: 3\r\n\r\ntwo"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        # When they are sent
        client.sendall(first + second)

        # Then both are answered in this order, and the connection is closed
        answers = everything_from(client)
        assert answers.count(b"HTTP/1.1 200 ") == 2
        assert answers.index(b"\r\n\r\none") < answers.index(b"\r\n\r\ntwo")


@pytest.mark.parametrize("headers", [b"Content-Length: 1000", b"Transfer-Encoding: chunked"])
def test_a_request_that_is_cut_off_never_reaches_the_application(
    port: int, served: list[str], headers: bytes
) -> None:
    # Given a request of 1,000 bytes
    head = b"POST /echo HTTP/1.1\r\nHost: here\r\n" + headers + b"\r\n\r\n"
    chunk = b"3e8\r\n" if b"chunked" in headers else b""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        # When the client stops sending after 200 of them
        client.sendall(head + chunk + b"x" * 200)
        client.shutdown(socket.SHUT_WR)
        answer = everything_from(client)

    # Then the application never sees it
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert served == []


def test_a_request_larger_than_one_read_arrives_whole(connection: HTTPConnection) -> None:
    # Given a body of six megabytes
    body = bytes(range(256)) * 4 * 6_000

    # When it is sent
    connection.request("POST", "/echo", body)

    # Then the application receives all of it
    assert connection.getresponse().read() == body


def test_a_response_to_head_has_no_body(connection: HTTPConnection) -> None:
    # Given a HEAD request, when it is answered
    connection.request("HEAD", "/unread")
    answer = connection.getresponse()

    # Then there is no body, and the connection serves the next request
    assert answer.read() == b""
    connection.request("POST", "/echo", b"second")
    assert connection.getresponse().read() == b"second"
