"""The parts that measure the first ride: TLS in front of an endpoint, and the share of a processor."""

import ssl
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import botocore
import pytest

from benchmarks.cpu_share import QuotaError, cpu_share
from benchmarks.tls_front import tls_front

SDK_CA_FILE = Path(botocore.__file__).with_name("cacert.pem")


class Hello(BaseHTTPRequestHandler):
    """Answers every GET."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture
def endpoint() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hello)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_an_endpoint_is_reached_over_tls_with_the_ca_file(endpoint: str, tmp_path: Path) -> None:
    # Given TLS in front of an endpoint
    with tls_front(endpoint, SDK_CA_FILE, tmp_path) as front:
        # When it is asked, by a client that trusts its CA file
        trusting = ssl.create_default_context(cafile=str(front.ca_file))
        with urllib.request.urlopen(front.endpoint, context=trusting, timeout=10) as answer:  # noqa: S310 - loopback
            body = answer.read()

        # Then the endpoint answers; the file holds the SDK's authorities too
        assert body == b"hello"
        assert front.ca_file.read_bytes().startswith(SDK_CA_FILE.read_bytes())
        # And a client that trusts only those is not fooled
        with pytest.raises(OSError, match="certificate verify failed"):
            urllib.request.urlopen(front.endpoint, timeout=10)  # noqa: S310 - loopback


def test_a_share_of_a_processor_is_a_group_with_a_quota_that_is_removed() -> None:
    # Given a machine that lets us set quotas
    try:
        with cpu_share(256) as share:
            # Then the group has 256/1769 of a processor
            files = {file.name: file for file in share.folder.iterdir()}
            quota = files.get("cpu.cfs_quota_us") or files["cpu.max"]
            assert quota.read_text().split()[0] == "2894"
    except QuotaError as reason:
        pytest.skip(f"{reason}")

    # And it is gone afterwards
    assert not share.folder.exists()
