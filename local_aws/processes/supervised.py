"""Runs commands that cannot outlive this process, however it ends."""

import contextlib
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from local_aws.processes.linux import die_with_parent
from local_aws.processes.signals import handled
from local_aws.processes.supervise import SUPERVISE

INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def supervised(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator["subprocess.Popen[str]"]:
    """Start a command in a folder, with pipes for its output; `environment` replaces that of this process.

    If the `with` block ends first, as on Ctrl-C, the command is ended too, as it may be writing to the folder. Another
    Ctrl-C does not interrupt that.
    """
    with subprocess.Popen(
        [*die_with_parent("TERM"), *SUPERVISE, *command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        # Ctrl-C must reach only this process, which then ends the command properly.
        process_group=0,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                with handled(dict.fromkeys(INTERRUPTIONS, signal.SIG_IGN)):
                    process.terminate()
                    process.communicate()


def run_supervised(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run a command in a folder to its end; returns its status, standard output and standard error."""
    with supervised(command, folder, environment) as process:
        return finish(process)


def finish(process: "subprocess.Popen[str]") -> "subprocess.CompletedProcess[str]":
    """Wait for a supervised command; returns its status, standard output and standard error."""
    out, err = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)
