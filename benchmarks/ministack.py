"""Runs MiniStack, another local AWS, for as long as a `with` block lasts."""

import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.commands import end
from benchmarks.rounds import MeasurementError
from local_aws.processes.linux import die_with_parent

LOOPBACK = "127.0.0.1"
START_LIMIT_S = 60


@contextmanager
def ministack(venv: Path, home: Path) -> Iterator[str]:
    """Start MiniStack from its virtual environment, yield its endpoint, and stop it with all its workers.

    `home` is a folder for its files. Raises MeasurementError if it does not start.
    """
    port = _free_port()
    home.mkdir()
    with (home / "log").open("w+") as log:
        process = subprocess.Popen(
            [*die_with_parent("TERM"), str(venv / "bin" / "ministack")],
            cwd=home,
            env={
                "PATH": "/usr/local/bin:/usr/bin:/bin",
                "HOME": str(home),
                "TMPDIR": str(home),
                "BIND_HOST": LOOPBACK,
                "GATEWAY_PORT": port,
                "LAMBDA_EXECUTOR": "local",
                "AWS_EC2_METADATA_DISABLED": "true",
            },
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            endpoint = f"http://{LOOPBACK}:{port}"
            _wait_until_healthy(process, endpoint, home / "log")
            yield endpoint
        finally:
            end(process)


def _free_port() -> str:
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        return str(free.getsockname()[1])


def _wait_until_healthy(process: "subprocess.Popen[str]", endpoint: str, log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{endpoint}/_ministack/health", timeout=1):  # noqa: S310 - loopback
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise MeasurementError(f"MiniStack did not start:\n{log.read_text()[-1000:]}")
