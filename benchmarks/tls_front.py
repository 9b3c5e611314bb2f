"""Serves an endpoint over TLS, as AWS does, with a certificate of an authority in the functions' CA file."""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import trustme

from local_aws.loopback import LOOPBACK

READ_BYTES = 1 << 16
START_LIMIT_S = 10


@dataclass(frozen=True)
class TlsFront:
    """An https endpoint, and the CA file to verify it with: the SDK's own and one more authority."""

    endpoint: str
    ca_file: Path


@contextmanager
def tls_front(endpoint: str, sdk_ca_file: Path, folder: Path) -> Iterator[TlsFront]:
    """Serve the endpoint over TLS from a thread. Loading the CA file takes as long as loading the SDK's own."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(LOOPBACK).configure_cert(context)
    ca_file = folder / "ca.pem"
    ca_file.write_bytes(sdk_ca_file.read_bytes() + authority.cert_pem.bytes())
    started: Future[_Served] = Future()
    thread = threading.Thread(
        target=lambda: asyncio.run(_serve(endpoint, context, started)), name="tls-front"
    )
    thread.start()
    served = started.result(START_LIMIT_S)
    try:
        yield TlsFront(f"https://{LOOPBACK}:{served.port}", ca_file)
    finally:
        served.loop.call_soon_threadsafe(served.stop.set)
        thread.join()


@dataclass(frozen=True)
class _Served:
    port: int
    loop: asyncio.AbstractEventLoop
    stop: asyncio.Event


async def _serve(endpoint: str, context: ssl.SSLContext, started: "Future[_Served]") -> None:
    target, stop = urlsplit(endpoint), asyncio.Event()
    server = await asyncio.start_server(
        lambda reader, writer: _forward(reader, writer, target.hostname or "", target.port),
        LOOPBACK,
        0,
        ssl=context,
    )
    port = server.sockets[0].getsockname()[1]
    started.set_result(_Served(port, asyncio.get_running_loop(), stop))
    await stop.wait()
    server.close()


async def _forward(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, port: int | None
) -> None:
    served_reader, served_writer = await asyncio.open_connection(host, port)
    await asyncio.gather(_copy(reader, served_writer), _copy(served_reader, writer))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await reader.read(READ_BYTES):
            writer.write(chunk)
            await writer.drain()
    writer.close()
