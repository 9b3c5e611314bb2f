"""Runs a command to completion such that it cannot outlive this process, however either of them ends."""

import contextlib
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from local_aws.processes.linux import die_with_parent
from local_aws.processes.supervise import SUPERVISE


def run_supervised(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run a command in a folder; returns its status, standard output and standard error.

    `environment` replaces this process's own. On Ctrl-C it ends the command first, since that may be writing to the
    folder; whatever is pressed meanwhile changes nothing.
    """
    with subprocess.Popen(
        [*die_with_parent("TERM"), *SUPERVISE, *command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        # Ctrl-C must reach this process alone, which then ends the command in order.
        process_group=0,
    ) as process:
        try:
            out, err = process.communicate()
        except KeyboardInterrupt:
            with _not_interrupted():
                process.terminate()
                process.communicate()
            raise
    return subprocess.CompletedProcess(command, process.returncode, out, err)


@contextlib.contextmanager
def _not_interrupted() -> Iterator[None]:
    """Ignore Ctrl-C and SIGTERM for a `with` block, in the main thread."""
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, signal.SIG_IGN) for number in signals]
    try:
        yield
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)
