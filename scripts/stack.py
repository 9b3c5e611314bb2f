#!/usr/bin/env python3
"""Applies this repository's Terraform to the local AWS, with a state of its own under .local/.

The AWS_ENDPOINT_URL in the environment must be a local AWS's (`make local` prints the lines).
"""

import argparse
import contextlib
import json
import os
import shlex
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from python_terraform import IsFlagged, Terraform

import command_line
import initialised
import isolation
from local_aws.processes import die_with_parent
from progress import step
from provider_mirror import MirrorError, find_mirror

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
LOCK = ".terraform.lock.hcl"
CONFIGURATION = ("*.tf", "*.tf.json", "*.tfvars", "*.tfvars.json", "modules")
# Read after every other override file, so that no configured backend or HCP workspace can hold a local run's state.
BACKEND_OVERRIDE = "zz_local_state_override.tf"
LOCAL_BACKEND = 'terraform {\n  backend "local" {}\n}\n'
# Terraform, supervised: the library that starts it cannot see to it that nothing of it outlives this process.
SUPERVISE = Path(__file__).with_name("supervise.py")
TERRAFORM = "terraform-of-this-run"
PID = f"{TERRAFORM}.pid"
# Exit statuses of `terraform plan -detailed-exitcode`.
EMPTY_PLAN, PLAN_WITH_CHANGES = 0, 2
STILL_RUNNING = (0, 0)  # os.waitpid's answer

Result = tuple[int, str, str]  # exit status, standard output, standard error


class StackError(Exception):
    """Terraform failed; the message holds what it said."""


class LocalStack:
    """The repository's configuration in a working folder of its own: its files linked, its state separate.

    Every call runs Terraform in this process's environment, which must be isolated (`isolation.enter`).
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._terraform = Terraform(working_dir=str(folder), terraform_bin_path=f"./{TERRAFORM}")

    def init(self) -> Path | None:
        """Link the configuration and initialise it, or link an earlier init; returns the provider mirror, if any."""
        if not shutil.which("terraform"):
            raise StackError("terraform is not on PATH; install version 1.5 or newer.")
        self.folder.mkdir(parents=True, exist_ok=True)
        self._link_configuration()
        mirror = find_mirror(ROOT / LOCK)
        kept = initialised.kept_init(LOCAL / "initialised", _read_by_init(), mirror)
        if initialised.link(kept, self.folder):
            return mirror
        options: dict[str, Any] = {"plugin_dir": str(mirror)} if mirror else {}
        if not mirror and "TF_PLUGIN_CACHE_DIR" not in os.environ:
            cache = LOCAL / "providers"
            cache.mkdir(parents=True, exist_ok=True)
            os.environ["TF_PLUGIN_CACHE_DIR"] = str(cache)
        self._run(self._terraform.init, **options)
        initialised.keep(kept, self.folder)
        return mirror

    def apply(self, **variables: Any) -> None:
        """Apply without asking. Raises StackError with Terraform's own words."""
        self._run(self._terraform.apply, skip_plan=True, var=variables)

    def destroy(self, **variables: Any) -> None:
        """Destroy without asking."""
        self._run(self._terraform.destroy, force=None, auto_approve=IsFlagged, var=variables)

    def plan_is_empty(self, **variables: Any) -> bool:
        """Whether a plan finds nothing to change."""
        statuses = (EMPTY_PLAN, PLAN_WITH_CHANGES)
        return self._run(self._terraform.plan, statuses, var=variables) == EMPTY_PLAN

    def outputs(self) -> dict[str, Any]:
        """Return every output's value by name; from the state file, which takes half a second less than asking."""
        return {name: output["value"] for name, output in self._state()["outputs"].items()}

    def resources(self) -> list[dict[str, Any]]:
        """Return the managed resources of the state, as the state file has them."""
        return [item for item in self._state()["resources"] if item["mode"] == "managed"]

    def source_code_hash(self) -> str:
        """Return what the state records as the function's code: SHA-256 in base64."""
        (function,) = (item for item in self.resources() if item["type"] == "aws_lambda_function")
        return str(function["instances"][0]["attributes"]["source_code_hash"])

    def _state(self) -> Any:
        return json.loads((self.folder / "terraform.tfstate").read_text())

    def _link_configuration(self) -> None:
        for old in self.folder.iterdir():
            if old.is_symlink():
                old.unlink()
        for pattern in CONFIGURATION:
            for path in ROOT.glob(pattern):
                (self.folder / path.name).symlink_to(path)
        (self.folder / "build").symlink_to(ROOT / "build")
        command = [*die_with_parent("TERM"), sys.executable, str(SUPERVISE), "terraform"]
        (self.folder / TERRAFORM).write_text(
            f'#!/bin/sh\necho $$ > {PID}\nexec {shlex.join(command)} "$@"\n'
        )
        (self.folder / TERRAFORM).chmod(0o755)
        (self.folder / BACKEND_OVERRIDE).write_text(LOCAL_BACKEND)
        shutil.copyfile(ROOT / LOCK, self.folder / LOCK)

    def _run(
        self, verb: Callable[..., Result], good: tuple[int, ...] = (0,), **options: Any
    ) -> int:
        try:
            code, out, err = verb(**options)
        except KeyboardInterrupt:
            self._see_terraform_out()
            raise
        if code not in good:
            raise StackError((err or out).strip())
        return code

    def _see_terraform_out(self) -> None:
        """End Terraform and wait until it is gone: it may be writing to the folder, whose owner will remove it."""
        # Any of these: it has not begun, or the library has waited for it already.
        with contextlib.suppress(FileNotFoundError, ValueError, ChildProcessError):
            pid = int((self.folder / PID).read_text())
            if os.waitpid(pid, os.WNOHANG) == STILL_RUNNING:
                os.kill(pid, signal.SIGTERM)
                os.waitpid(pid, 0)


def _read_by_init() -> list[Path]:
    own = [path for pattern in ("*.tf", "*.tf.json") for path in ROOT.glob(pattern)]
    return [*own, *ROOT.glob("modules/**/*.tf"), ROOT / LOCK]


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog="example: scripts/stack.py apply",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("verb", choices=("apply", "destroy"))
    verb = parser.parse_args(arguments).verb
    try:
        endpoint = isolation.require_loopback(os.environ.get("AWS_ENDPOINT_URL"))
        isolation.enter(isolation.require_answer(endpoint))
        stack = LocalStack(LOCAL / "stack")
        with step("terraform init"):
            stack.init()
        with step(f"terraform {verb}"):
            stack.apply() if verb == "apply" else stack.destroy()
    except (isolation.NotLocalError, MirrorError, StackError, OSError) as error:
        print(f"stack: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    command_line.run(main)
