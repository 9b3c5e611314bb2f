"""Runs a command to completion such that it cannot outlive this process, however either of them ends."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from local_aws.processes.linux import die_with_parent
from local_aws.processes.supervise import SUPERVISE


def run_supervised(command: Sequence[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run a command in a folder; returns its status, standard output and standard error.

    On Ctrl-C it ends the command first, since that may be writing to the folder.
    """
    with subprocess.Popen(
        [*die_with_parent("TERM"), *SUPERVISE, *command],
        cwd=folder,
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
            process.terminate()
            process.communicate()
            raise
    return subprocess.CompletedProcess(command, process.returncode, out, err)
