"""The connection that is opened during init is used by the first ride, which works without it too."""

import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ColdStart = Callable[..., AbstractContextManager[ModuleType]]
IN_LAMBDA = {"AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand", "AWS_REGION": "eu-west-1"}


class Table(ThreadingHTTPServer):
    """DynamoDB over TLS, as far as a ride needs it; `hangs` and `garbles` spoil what is not a ride."""

    daemon_threads = True

    def __init__(self, certificate: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Requests)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self.server_port}"
        self.requests: list[tuple[str, int]] = []  # method, and the client's port
        self.signed: list[bool] = []
        self.hangs = self.garbles = False
        self.closing = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # a client that hung up


class _Requests(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Table

    def do_GET(self) -> None:
        self._note()
        if self.server.hangs:
            self.server.closing.wait(20)
        self._answer(b"\x00garbage" if self.server.garbles else b"healthy: dynamodb")
        if self.server.garbles:
            self.wfile.write(b"more than was promised\r\n\r\n")

    def do_POST(self) -> None:
        self._note()
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(b"{}")

    def log_request(self, *_: object) -> None:
        pass

    def _note(self) -> None:
        self.server.requests.append((self.command, self.client_address[1]))
        self.server.signed.append("Authorization" in self.headers)

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate of this machine's loopback, and the key to it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "loopback.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def table(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Table]:
    """Give a table over TLS, whose certificate the SDK trusts."""
    monkeypatch.setenv("AWS_CA_BUNDLE", str(certificate))
    with Table(certificate) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.closing.set()
        server.shutdown()
        thread.join()


def ride(module: ModuleType, event: Any, context: Any) -> int:
    return int(module.handler(event, context(10))["statusCode"])


@pytest.mark.parametrize("kind", ["on-demand", "provisioned-concurrency"])
def test_the_first_ride_uses_the_connection_that_init_opened(
    cold_start: ColdStart, table: Table, event_of: Any, lambda_context: Any, kind: str
) -> None:
    # Given a function that starts in Lambda, with a table over TLS
    in_lambda = {**IN_LAMBDA, "AWS_LAMBDA_INITIALIZATION_TYPE": kind}
    with cold_start(AWS_ENDPOINT_URL=table.url, **in_lambda) as module:
        # When it takes a ride
        assert ride(module, event_of(), lambda_context) == 201

    # Then one connection has both requests, of which only the ride is signed
    assert [method for method, _ in table.requests] == ["GET", "POST"]
    assert len({port for _, port in table.requests}) == 1
    assert table.signed == [False, True]


@pytest.mark.parametrize("fault", ["hangs", "garbles"])
def test_a_connection_that_fails_in_init_costs_nothing_but_itself(
    cold_start: ColdStart, table: Table, event_of: Any, lambda_context: Any, fault: str
) -> None:
    # Given a table whose first answer hangs, or is garbage
    setattr(table, fault, True)

    # When the function starts and takes a ride
    with cold_start(AWS_ENDPOINT_URL=table.url, **IN_LAMBDA) as module:
        # Then it takes place, on a connection that works
        assert ride(module, event_of(), lambda_context) == 201
    assert [method for method, _ in table.requests] == ["GET", "POST"]


def test_a_table_that_refuses_connections_stops_no_start(cold_start: ColdStart) -> None:
    # Given an address where nothing listens
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"https://127.0.0.1:{closed.getsockname()[1]}"

    # When the function starts
    with cold_start(AWS_ENDPOINT_URL=url, **IN_LAMBDA) as module:
        # Then it can be called
        assert callable(module.handler)


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({}, id="outside of Lambda"),
        pytest.param({**IN_LAMBDA, "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"}, id="SnapStart"),
    ],
)
def test_no_connection_is_opened_where_no_request_follows(
    cold_start: ColdStart, table: Table, environment: dict[str, str]
) -> None:
    # Given a function that does not start for a request, when it has started
    with cold_start(AWS_ENDPOINT_URL=table.url, **environment):
        pass

    # Then nothing was asked of the table
    assert table.requests == []


def test_no_connection_is_opened_without_tls(cold_start: ColdStart, event_of: Any) -> None:
    # Given a table by plain HTTP, as on the local AWS
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        url = f"http://127.0.0.1:{server.getsockname()[1]}"

        # When the function starts in Lambda
        with cold_start(AWS_ENDPOINT_URL=url, **IN_LAMBDA), pytest.raises(TimeoutError):
            # Then nothing connects
            server.accept()
