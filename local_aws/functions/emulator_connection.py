"""The connection to an emulator, for one request at a time; httptools parses the responses."""

import socket
from collections.abc import Mapping

from httptools import HttpParserError, HttpResponseParser

from local_aws.functions.emulator import INVOKE_PATH, Address

READ_BYTES = 1 << 16


class EmulatorConnection:
    """A connection that is opened when it is first used. httptools calls the methods that begin with `on_`."""

    def __init__(self, address: Address, timeout_s: float) -> None:
        self._address = address
        self._timeout_s = timeout_s
        self._socket: socket.socket | None = None
        self._parser = HttpResponseParser(self)
        self._body: list[bytes] = []
        self._whole = self._keep = False

    def send(self, payload: bytes, headers: Mapping[str, str]) -> int:
        """Send an event; returns the descriptor that becomes readable with the response. Raises OSError."""
        if self._socket is None:
            self._socket = socket.create_connection(self._address, self._timeout_s)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        lines = [
            f"POST {INVOKE_PATH} HTTP/1.1",
            f"Host: {self._address[0]}",
            f"Content-Length: {len(payload)}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        head = "\r\n".join([*lines, "", ""]).encode("ascii")
        self._socket.sendall(head + payload)
        return self._socket.fileno()

    def receive(self) -> tuple[int, bytes]:
        """Return the response's status and body. Raises OSError, also if it is incomplete or not HTTP."""
        if self._socket is None:
            raise ConnectionError("nothing was sent")
        self._body, self._whole = [], False
        self._parser = HttpResponseParser(self)
        try:
            while not self._whole:
                chunk = self._socket.recv(READ_BYTES)
                if not chunk:
                    raise ConnectionError("the answer was cut off")
                self._parser.feed_data(chunk)
        except HttpParserError as error:
            raise ConnectionError(str(error)) from error
        if not self._keep:
            self.close()
        return self._parser.get_status_code(), b"".join(self._body)

    def close(self) -> None:
        """Close the connection, if it is open."""
        if self._socket:
            self._socket.close()
            self._socket = None

    def on_body(self, part: bytes) -> None:
        """Store a part of the response's body."""
        self._body.append(part)

    def on_message_complete(self) -> None:
        """Note that the response is complete, and whether another one may follow."""
        self._whole, self._keep = True, self._parser.should_keep_alive()
