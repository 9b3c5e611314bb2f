"""Runs pip, uv and venv without the shell's settings that would make them install into another environment."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from scripts.environments.errors import InstallError

LAST_LINES = 5
NOT_PASSED_ON = frozenset(
    {
        *("PIP_PREFIX", "PIP_ROOT", "PIP_TARGET", "PIP_USER"),
        *("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV"),
    }
)


def run(
    command: list[str], variables: Mapping[str, str] | None = None, folder: Path | None = None
) -> str:
    """Run a command in a folder and return its output; `variables` are set unless the shell sets them.

    Raises InstallError with the last lines of its errors.
    """
    shell = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
    environment = {**(variables or {}), **shell}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise InstallError("\n".join(lines[-LAST_LINES:]))
    return done.stdout
