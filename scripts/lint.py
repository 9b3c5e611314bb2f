#!/usr/bin/env python3
"""Runs the checks that run nothing: ruff, mypy, and Terraform's fmt and validate."""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

import command_line
import isolation
from progress import step
from provider_mirror import MirrorError, find_mirror

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / ".local" / "lint"
BIN = Path(sys.executable).parent
SUPERVISE = Path(__file__).with_name("supervise.py")


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns 0 if every check passed, and runs them all in any case."""
    argparse.ArgumentParser(
        description=__doc__,
        epilog="example: scripts/lint.py",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args(arguments)
    if not shutil.which("terraform"):
        print("lint: terraform is not on PATH; install 1.5 or newer.", file=sys.stderr)
        return 1
    if not (BIN / "ruff").exists():
        print("lint: ruff is not there: `make lint` installs it.", file=sys.stderr)
        return 1
    isolation.enter(isolation.NOWHERE)
    os.environ["TF_DATA_DIR"] = str(DATA)
    try:
        failed = [title for title, command in _checks() if not _passes(title, command)]
    except MirrorError as error:
        print(f"lint: {error}", file=sys.stderr)
        return 1
    return 1 if failed else 0


def _checks() -> list[tuple[str, list[str]]]:
    mirror = find_mirror(ROOT / ".terraform.lock.hcl")
    plugins = [f"-plugin-dir={mirror}"] if mirror else []
    return [
        ("ruff check", [str(BIN / "ruff"), "check", "."]),
        ("ruff format", [str(BIN / "ruff"), "format", "--check", "."]),
        ("mypy", [str(BIN / "mypy")]),
        ("terraform fmt", ["terraform", "fmt", "-check", "-diff", "-recursive"]),
        (
            "terraform init",
            ["terraform", "init", "-backend=false", "-input=false", "-lockfile=readonly", *plugins],
        ),
        ("terraform validate", ["terraform", "validate", "-no-color"]),
    ]


def _passes(title: str, command: list[str]) -> bool:
    try:
        with step(title):
            _run(command)
    except subprocess.CalledProcessError as failure:
        print(failure.output.rstrip(), file=sys.stderr)
        return False
    return True


def _run(command: list[str]) -> None:
    """Run a check; raises CalledProcessError. Interrupted, it is seen out: Terraform alone would leave its provider."""
    with subprocess.Popen(
        [sys.executable, str(SUPERVISE), *command],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    ) as check:
        try:
            said, _ = check.communicate()
        except KeyboardInterrupt:
            check.terminate()
            check.communicate()
            raise
    if check.returncode:
        raise subprocess.CalledProcessError(check.returncode, command, said)


if __name__ == "__main__":
    command_line.run(main)
