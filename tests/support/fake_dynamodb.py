"""A DynamoDB whose PutItem fails on request, at the other end of a real socket."""

import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ARN = "arn:aws:sts::123456789012:assumed-role/WildRydesLambda/RequestUnicorn"
# What DynamoDB answers, by "Error handling with DynamoDB"; "hang", "drip" and "reset" are the network's.
PASSING = {
    "ProvisionedThroughputExceededException": 400,
    "ThrottlingException": 400,
    "RequestLimitExceeded": 400,
    "TransactionConflictException": 400,
    "ReplicatedWriteConflictException": 400,
    "InternalServerError": 500,
    "ServiceUnavailable": 503,
}
LASTING = {
    "AccessDeniedException": 400,
    "ResourceNotFoundException": 400,
    "ExpiredTokenException": 400,
    "ValidationException": 400,
}


class FakeDynamoDB(ThreadingHTTPServer):
    """A table whose PutItem fails as `faults` says, one fault a request, and works when they are over.

    A fault is an error's code, "hang", "drip" (a byte at a time) or "reset"; with a "+" before it, the item
    is written first.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), PutItem)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.items: dict[str, dict[str, Any]] = {}
        self.faults: Iterator[str] = iter(())
        self.requests = 0
        self.closing = threading.Event()

    def shutdown_request(self, request: Any) -> None:
        self.close_request(request)  # and no shutdown before, so that a reset is one

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # a client that hung up


class PutItem(BaseHTTPRequestHandler):
    """One request to that table."""

    server: FakeDynamoDB

    def do_POST(self) -> None:
        item = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["Item"]
        fault = next(self.server.faults, "+")
        self.server.requests += 1
        stored = item
        if fault.startswith("+"):
            stored = self.server.items.setdefault(item["RideId"]["S"], item)
        self.fail(fault.lstrip("+"), stored if stored is not item else None)

    def fail(self, fault: str, old: dict[str, Any] | None) -> None:
        if fault == "hang":
            self.server.closing.wait()
        elif fault == "drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            while not self.server.closing.wait(0.1):
                self.wfile.write(b" ")
        elif fault == "reset":
            no_lingering = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_lingering)
        elif fault:
            self.answer({**PASSING, **LASTING}[fault], {"__type": fault, "message": f"{ARN} ..."})
        elif old:
            self.answer(400, {"__type": "ConditionalCheckFailedException", "Item": old})
        else:
            self.answer(200, {})

    def answer(self, status: int, body: dict[str, Any]) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def fake_dynamodb() -> Iterator[FakeDynamoDB]:
    """Run that table for as long as a `with` block lasts."""
    with FakeDynamoDB() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()
