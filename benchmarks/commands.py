"""Runs the commands of a measurement: limited in time, and stopped with all their processes if it is interrupted."""

import contextlib
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.rounds import MeasurementError
from local_aws.processes.linux import kill_group

LIMIT_S = 180
GRACE_S = 15
LINES_SHOWN = 8


def run(command: Sequence[str], cwd: Path, env: Mapping[str, str] | None = None) -> tuple[str, str]:
    """Run a command to its end and return what it printed on stdout and on stderr.

    `env` is its whole environment, this process's by default. Raises MeasurementError.
    """
    # In a session of its own: a Ctrl-C is for this process, which then ends the command's whole group.
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            out, err = process.communicate(timeout=LIMIT_S)
        except subprocess.TimeoutExpired as error:
            raise MeasurementError(f"{command[0]} took more than {LIMIT_S} s") from error
        finally:
            end(process)
    if process.returncode != 0:
        output = "\n".join((err or out).strip().splitlines()[-LINES_SHOWN:])
        raise MeasurementError(f"{' '.join(command)} failed in {cwd}:\n{output}")
    return out, err


def end(process: "subprocess.Popen[str]") -> None:
    """Ask a command that is still running to stop; then kill what is left of its process group."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_S)
    kill_group(process.pid)
    process.wait()
