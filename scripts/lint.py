#!/usr/bin/env python3
"""Runs the static checks: ruff, mypy, import-linter, and Terraform's fmt and validate."""

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from local_aws.loopback import NOWHERE
from local_aws.processes.supervised import finish, run_supervised, supervised
from scripts.project.paths import LOCAL, LOCK_FILE, ROOT
from scripts.session import isolation
from scripts.terminal import command_line
from scripts.terminal.errors import UserError
from scripts.terminal.progress import step
from scripts.terraform.program import require_terraform
from scripts.terraform.provider_mirror import find_mirror

DATA = LOCAL / "lint"
BIN = Path(sys.executable).parent


@command_line.verb("lint")
def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns 0 if every check passed. All checks run in any case."""
    command_line.parser(__doc__, "example: make lint").parse_args(arguments)
    require_terraform()
    if not (BIN / "ruff").exists():
        raise UserError("ruff is not installed: `make lint` installs it.")
    isolation.enter(NOWHERE)
    os.environ["TF_DATA_DIR"] = str(DATA)
    # mypy takes about as long as the others together.
    with supervised([str(BIN / "mypy")], ROOT) as mypy:
        passed = [_passes(name, partial(run_supervised, check, ROOT)) for name, check in _checks()]
        passed.append(_passes("mypy, started before them", partial(finish, mypy)))
    return 0 if all(passed) else 1


def _checks() -> list[tuple[str, list[str]]]:
    mirror = find_mirror(LOCK_FILE)
    plugins = [f"-plugin-dir={mirror}"] if mirror else []
    return [
        ("ruff check", [str(BIN / "ruff"), "check", "."]),
        ("ruff format", [str(BIN / "ruff"), "format", "--check", "."]),
        ("import-linter", [str(BIN / "lint-imports")]),
        ("terraform fmt", ["terraform", "fmt", "-check", "-diff", "-recursive"]),
        (
            "terraform init",
            ["terraform", "init", "-backend=false", "-input=false", "-lockfile=readonly", *plugins],
        ),
        ("terraform validate", ["terraform", "validate", "-no-color"]),
    ]


def _passes(title: str, check: Callable[[], "subprocess.CompletedProcess[str]"]) -> bool:
    try:
        with step(title):
            check().check_returncode()
    except subprocess.CalledProcessError as failure:
        print(f"{failure.stdout}{failure.stderr}".rstrip(), file=sys.stderr)
        return False
    return True


if __name__ == "__main__":
    command_line.run(main)
