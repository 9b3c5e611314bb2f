#!/usr/bin/env python3
"""Applies this repository's Terraform to the local AWS, with a state of its own under .local/.

The AWS_ENDPOINT_URL in the environment must be a local AWS's (`make local` prints the lines).
"""

import os

from scripts.project.paths import LOCAL
from scripts.session import isolation
from scripts.terminal import command_line
from scripts.terminal.progress import step
from scripts.terraform.local_stack import LocalStack


@command_line.verb("stack")
def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns the exit status."""
    parser = command_line.parser(__doc__, "example: scripts/stack.py apply")
    parser.add_argument("verb", choices=("apply", "destroy"))
    verb = parser.parse_args(arguments).verb
    endpoint = isolation.require_loopback(os.environ.get("AWS_ENDPOINT_URL"))
    isolation.enter(isolation.require_answer(endpoint))
    stack = LocalStack(LOCAL / "stack")
    with step("terraform init"):
        stack.init()
    with step(f"terraform {verb}"):
        stack.apply() if verb == "apply" else stack.destroy()
    return 0


if __name__ == "__main__":
    command_line.run(main)
