"""Runs the local AWS in a child process for the duration of a `with` block."""

import contextlib
import json
import select
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import IO, TextIO

from local_aws.errors import LocalAwsError
from local_aws.processes.linux import die_with_parent

START_LIMIT_S = 60
STOP_LIMIT_S = 15


class StartError(LocalAwsError):
    """The local AWS did not start; the message is the server's own."""


@contextlib.contextmanager
def local_aws(port: int = 0, messages: TextIO | None = None) -> Iterator[str]:
    """Start the local AWS on a port (0 picks a free one) and yield its endpoint; always stops the server afterwards.

    The server prints its errors, and the mail that Cognito would send, to `messages`, such as sys.stderr.
    Raises StartError if the server does not start.
    """
    with contextlib.ExitStack() as files:
        captured = None
        if messages is None:
            # A file rather than a pipe: a pipe that nobody reads would fill up and block the server.
            captured = files.enter_context(tempfile.TemporaryFile("w+"))
        server = [sys.executable, "-m", "local_aws", "--port", str(port), "--json"]
        process = subprocess.Popen(
            [*die_with_parent("TERM"), *server],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=captured or messages,
            text=True,
            # Ctrl-C must reach only this process, which then stops the server properly.
            start_new_session=True,
        )
        try:
            yield _endpoint(process, captured)
        finally:
            _stop(process)


def _endpoint(process: "subprocess.Popen[str]", errors: IO[str] | None) -> str:
    """Wait for the server's endpoint; `errors` is the file with its messages, unless they go to the caller."""
    assert process.stdout is not None  # noqa: S101 - local_aws() asked for a pipe
    ready, _, _ = select.select([process.stdout], [], [], START_LIMIT_S)
    if not ready:
        raise StartError(f"the local AWS did not start within {START_LIMIT_S} s.")
    line = process.stdout.readline()
    if not line:
        raise StartError(_why_it_ended(errors))
    return str(json.loads(line)["endpoint"])


def _why_it_ended(errors: IO[str] | None) -> str:
    if errors is None:
        return "the local AWS did not start; its message is above."
    errors.seek(0)
    return errors.read().strip() or "the local AWS did not start, and gave no reason."


def _stop(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.communicate(timeout=STOP_LIMIT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
