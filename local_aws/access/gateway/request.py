"""An HTTP request as the gateways see it, with the headers that AWS's front ends add."""

import secrets
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from local_aws.loopback import LOOPBACK

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

HTTP_PORT = "80"


@dataclass(frozen=True)
class Request:
    """An HTTP request as it was received: header names in lower case, path and query percent-encoded."""

    id: str
    method: str
    path: str
    query: str
    protocol: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    source_ip: str
    host: str
    received: datetime

    def header(self, name: str) -> str:
        """Return a header's values, joined by commas; empty if there is none."""
        return ",".join(value for header, value in self.headers if header == name)

    @property
    def time(self) -> str:
        """When it was received, in the common log format that events and access logs use."""
        return f"{self.received.astimezone(UTC):%d/%b/%Y:%H:%M:%S +0000}"

    @property
    def time_epoch(self) -> int:
        """When it was received, in milliseconds since 1970."""
        return int(self.received.timestamp() * 1000)


def request_of(environ: "WSGIEnvironment", body: bytes, host: str) -> Request:
    """Return the request, with a new id; `host` is the domain name in its event."""
    path, _, query = environ["REQUEST_URI"].partition("?")
    return Request(
        id=str(uuid.uuid4()),
        method=environ["REQUEST_METHOD"],
        path=path,
        query=query,
        protocol=environ["SERVER_PROTOCOL"],
        headers=tuple(_headers(environ)),
        body=body,
        source_ip=_source_ip(environ),
        host=host,
        received=datetime.now(UTC),
    )


def _headers(environ: "WSGIEnvironment") -> Iterator[tuple[str, str]]:
    added = _added(environ)
    for name, value in environ.items():
        header = name.removeprefix("HTTP_").replace("_", "-").lower()
        if name.startswith("HTTP_") and header not in added:
            yield header, value
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name) not in (None, "", "0"):
            yield name.replace("_", "-").lower(), environ[name]
    yield from added.items()


def _added(environ: "WSGIEnvironment") -> dict[str, str]:
    """Return the X-Forwarded headers, and the header of a new trace unless the request has one."""
    before = environ.get("HTTP_X_FORWARDED_FOR")
    source_ip = _source_ip(environ)
    trace = f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)}"
    return {
        "x-forwarded-for": f"{before}, {source_ip}" if before else source_ip,
        "x-forwarded-port": environ.get("HTTP_HOST", "").partition(":")[2] or HTTP_PORT,
        "x-forwarded-proto": "http",
        "x-amzn-trace-id": environ.get("HTTP_X_AMZN_TRACE_ID", trace),
    }


def _source_ip(environ: "WSGIEnvironment") -> str:
    address: str = environ.get("REMOTE_ADDR", LOOPBACK)
    return address
