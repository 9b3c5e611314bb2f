#!/usr/bin/env python3
"""Plans, applies or destroys this repository's Terraform on AWS. Terraform shows the plan and asks.

Region and credentials come from the environment, as for the AWS CLI. Further arguments are passed to Terraform.
"""

if __name__ == "__main__":
    from scripts.terminal.starting import end_at_ctrl_c

    end_at_ctrl_c()

import json
import os
import subprocess
import sys
from collections.abc import Sequence

from scripts.deployment_package.for_apply import build_for_apply
from scripts.project.paths import ROOT
from scripts.session import isolation, last_apply
from scripts.session.last_apply import Applied
from scripts.terminal import command_line
from scripts.terminal.colour import has_colour
from scripts.terminal.errors import UserError
from scripts.terminal.progress import step
from scripts.terraform.arguments import state_path, verb_and_arguments
from scripts.terraform.foreground import run_in_foreground
from scripts.terraform.place import (
    account_of_caller,
    region_of,
    regions_of,
    require_named,
    require_same_account,
    require_same_region,
)
from scripts.terraform.program import require_terraform

EXAMPLES = """\
examples:
  deploy.py apply
  deploy.py apply -state=copy.tfstate -var function_name=Two
  deploy.py destroy -auto-approve
"""
NEXT = "Next: make invoke, make monitor, and at the end make destroy."


@command_line.verb("deploy")
def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns Terraform's exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    verb, for_terraform = verb_and_arguments(__doc__, EXAMPLES, words)
    isolation.require_aws(os.environ, verb)
    require_terraform()
    require_named()
    if verb != "destroy":
        build_for_apply(for_terraform, os.environ)
    with step("terraform init"):
        _terraform("init", "-input=false", "-no-color")
    state = _state(for_terraform)
    require_same_region(state, os.environ)
    if regions_of(state):
        require_same_account(state, account_of_caller())
    colour = [] if has_colour(sys.stdout) else ["-no-color"]
    status = run_in_foreground(["terraform", verb, *colour, *for_terraform], ROOT)
    if verb != "plan":
        _note(state, _state(for_terraform))
    return status


def _note(before: str, after: str) -> None:
    """Remember or forget the deployment, by the state before and after Terraform has changed it."""
    if applied := _applied(after):
        last_apply.remember(applied)
        print(f"\n{NEXT}", file=sys.stderr)
    elif destroyed := _applied(before):
        last_apply.forget(None, destroyed.function)


def _applied(state: str) -> Applied | None:
    region = min(regions_of(state), default=region_of(os.environ) or "")
    return Applied.of(None, region, json.loads(state) if state.strip() else {})


def _state(arguments: Sequence[str]) -> str:
    """Return the state that Terraform works on, as JSON text; empty if there is none yet."""
    if path := state_path(arguments):
        return path.read_text(encoding="utf-8") if path.exists() else ""
    return _terraform("state", "pull")


def _terraform(*arguments: str) -> str:
    done = subprocess.run(
        ["terraform", *arguments],  # noqa: S607 - on PATH
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        raise UserError(f"terraform {arguments[0]} failed:\n{(done.stderr or done.stdout).strip()}")
    return done.stdout


if __name__ == "__main__":
    command_line.run(main)
