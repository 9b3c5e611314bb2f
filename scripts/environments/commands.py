"""Runs pip, uv and venv without what a person's shell tells them about other environments."""

import os
import subprocess

from scripts.environments.errors import InstallError

LAST_LINES = 5
NOT_PASSED_ON = ("PIP_TARGET", "PIP_USER", "PYTHONPATH", "VIRTUAL_ENV")


def run(command: list[str]) -> str:
    """Run a command; returns what it printed. Raises InstallError with the last lines of its errors."""
    environment = {name: text for name, text in os.environ.items() if name not in NOT_PASSED_ON}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise InstallError("\n".join(lines[-LAST_LINES:]))
    return done.stdout
