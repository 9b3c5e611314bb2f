"""The local AWSs of this checkout that are running, each in a file named after its process."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from scripts.project.paths import LOCAL
from scripts.terminal.errors import UserError

# `make local` writes its endpoint here too (`python -m local_aws --endpoint-file`).
FOLDER = LOCAL / "running"


class NoneRunningError(UserError):
    """No local AWS of this checkout is running."""


@contextlib.contextmanager
def registered(endpoint: str) -> Iterator[None]:
    """Register a local AWS of this process for as long as a `with` block lasts."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = FOLDER / str(os.getpid())
    file.write_text(endpoint, encoding="utf-8")
    try:
        yield
    finally:
        file.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            # Others are still running.
            FOLDER.rmdir()


def endpoints() -> list[str]:
    """Return the endpoints of the running local AWSs, the newest first."""
    files = sorted(_running_files(), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    return [file.read_text(encoding="utf-8").strip() for file in files]


def newest_endpoint() -> str:
    """Return the endpoint of the local AWS that was started last; raises NoneRunningError."""
    running = endpoints()
    if not running:
        raise NoneRunningError(
            "no local AWS of this checkout is running. Start one with `make local`."
        )
    return running[0]


def _running_files() -> Iterator[Path]:
    for file in FOLDER.glob("[0-9]*"):
        if Path("/proc", file.name).exists():
            yield file
        else:
            file.unlink(missing_ok=True)
