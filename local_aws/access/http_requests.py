"""Reads complete HTTP/1.1 requests from a connection, with httptools, that is llhttp, the parser of Node.js.

llhttp is strict: a request with a malformed length, or an incomplete one, never reaches the services. This module also
checks other requirements of RFC 9112: exactly one Host, and no transfer coding but chunked.
"""

import socket
from collections import deque
from dataclasses import dataclass, field

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

READ_BYTES = 1 << 16
# http.server has this limit for one line; here it applies to all headers of a request together.
MAX_HEADER_BYTES = 1 << 16
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class MalformedRequestError(Exception):
    """The received bytes are not an HTTP request, or an incomplete one; the message is the reason."""


@dataclass
class HttpRequest:
    """A request, with header names as they were sent, and a version such as 1.1.

    If `keep_alive`, another request may follow on the connection.
    """

    method: str = ""
    target: str = ""
    version: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    keep_alive: bool = False

    def values(self, lowercase_name: str) -> list[str]:
        """Return the values of all headers with a name, given in lower case."""
        return [value for name, value in self.headers if name.lower() == lowercase_name]


class RequestReader:
    """Reads the requests of a connection one by one. httptools calls the methods that begin with `on_`."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._parser = HttpRequestParser(self)
        self._whole: deque[HttpRequest] = deque()
        self._next: HttpRequest | None = None
        self._in_headers = True
        self._header_bytes = 0
        self._body: list[bytes] = []
        self._fault: str | None = None
        self._expects_continue = False

    def read(self) -> HttpRequest | None:
        """Return the next request; None if the client has closed the connection between requests.

        Raises MalformedRequestError, and OSError if the connection breaks.
        """
        while not self._whole:
            chunk = self._connection.recv(READ_BYTES)
            if not chunk:
                if self._next:
                    raise MalformedRequestError("it was cut off.")
                return None
            self._feed(chunk)
        return self._whole.popleft()

    def _feed(self, chunk: bytes) -> None:
        try:
            self._parser.feed_data(chunk)
        except HttpParserUpgrade as upgrade:
            self._ignore_upgrade(chunk[upgrade.args[0] :])
        except HttpParserError as error:
            raise MalformedRequestError(f"{error}.") from error
        if self._fault:
            raise MalformedRequestError(self._fault)
        if self._in_headers:
            self._header_bytes += len(chunk)
            if self._header_bytes > MAX_HEADER_BYTES:
                raise MalformedRequestError("its headers are too long.")
        if self._expects_continue:
            self._expects_continue = False
            self._connection.sendall(CONTINUE)

    def _ignore_upgrade(self, body: bytes) -> None:
        """Ignore the upgrade to another protocol, and read the body of the request, which llhttp does not then."""
        request = self._whole[-1]
        if request.values("transfer-encoding"):
            raise MalformedRequestError("a request for an upgrade must have a Content-Length.")
        length = int("".join(request.values("content-length")) or 0)
        while len(body) < length:
            chunk = self._connection.recv(READ_BYTES)
            if not chunk:
                raise MalformedRequestError("it was cut off.")
            body += chunk
        request.body, request.keep_alive = body[:length], False

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._next, self._body = HttpRequest(), []
        self._in_headers, self._header_bytes = True, 0

    def on_url(self, part: bytes) -> None:
        """Store a part of the target."""
        if self._next:
            self._next.target += part.decode("ascii")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Store a header."""
        if self._next:
            self._next.headers.append((name.decode("ascii"), value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        """Check the headers."""
        if self._next:
            self._in_headers = False
            self._next.version = self._parser.get_http_version()
            self._fault = _fault(self._next)
            expected = self._next.values("expect")
            self._expects_continue = [text.lower() for text in expected] == ["100-continue"]

    def on_body(self, part: bytes) -> None:
        """Store a part of the body."""
        self._expects_continue = False
        self._body.append(part)

    def on_message_complete(self) -> None:
        """End a request."""
        if self._next:
            self._next.method = self._parser.get_method().decode("ascii")
            self._next.keep_alive = self._parser.should_keep_alive()
            self._next.body = b"".join(self._body)
            self._expects_continue = False
            self._whole.append(self._next)
        self._next = None


def _fault(request: HttpRequest) -> str | None:
    """Return how headers that llhttp accepts violate RFC 9112; None if they do not."""
    if any(coding.lower() != "chunked" for coding in request.values("transfer-encoding")):
        return "the only transfer coding is chunked."
    hosts = len(request.values("host"))
    if hosts > 1 or (hosts == 0 and request.version == "1.1"):
        return "it must have one Host header."
    return None
