"""Runs a command to its end so that nothing of it outlives this process, however either of them ends."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from local_aws.processes.linux import die_with_parent
from local_aws.processes.supervise import SUPERVISE


def run_supervised(command: Sequence[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run a command in a folder; returns its status, standard output and standard error.

    Interrupted, it ends the command first, which may be writing to the folder.
    """
    with subprocess.Popen(
        [*die_with_parent("TERM"), *SUPERVISE, *command],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        process_group=0,  # a Ctrl-C is for this process, which then ends the command in order
    ) as process:
        try:
            out, err = process.communicate()
        except KeyboardInterrupt:
            process.terminate()
            process.communicate()
            raise
    return subprocess.CompletedProcess(command, process.returncode, out, err)
