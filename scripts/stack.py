#!/usr/bin/env python3
"""Plans, applies or destroys this repository's Terraform on a local AWS, with a state of its own under .local/.

The local AWS is the one that AWS_ENDPOINT_URL names or, if that is not set, the newest that is running. Further
arguments are passed to Terraform; apply and destroy do not ask.
"""

if __name__ == "__main__":
    from scripts.terminal.starting import end_at_ctrl_c

    end_at_ctrl_c()

import os
import sys
from urllib.parse import urlsplit

from scripts.deployment_package.for_apply import build_for_apply
from scripts.project.paths import LOCAL
from scripts.session import isolation, last_apply, running
from scripts.session.last_apply import Applied
from scripts.session.runs_here import pythons_for
from scripts.terminal import command_line
from scripts.terminal.printable import printable_lines
from scripts.terminal.progress import step
from scripts.terraform.arguments import verb_and_arguments
from scripts.terraform.local_stack import LocalStack, StackError

EXAMPLES = """\
examples:
  stack.py apply
  stack.py apply -var function_name=Two -var-file=mine.tfvars
  stack.py plan -detailed-exitcode
"""
NEXT = "Next: make invoke, make monitor, and at the end make local-destroy."


@command_line.verb("stack")
def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns the exit status, which for `plan` is Terraform's."""
    words = sys.argv[1:] if arguments is None else arguments
    verb, for_terraform = verb_and_arguments(__doc__, EXAMPLES, words)
    endpoint = isolation.require_loopback(
        os.environ.get("AWS_ENDPOINT_URL") or running.newest_endpoint()
    )
    isolation.require_answer(endpoint)
    _note_others(endpoint)
    # pip's settings are for packaging only.
    environment = dict(os.environ)
    isolation.enter(endpoint)
    # A local AWS forgets everything when it stops, so each has its own state.
    folder = LOCAL / "stack" / str(urlsplit(endpoint).port)
    stack = LocalStack(folder, for_terraform)
    if verb != "destroy":
        packages = build_for_apply(for_terraform, environment)
        for python in pythons_for(packages):
            print(f"  {python}", file=sys.stderr)
    with stack.locked():
        with step("terraform init"):
            stack.init()
        try:
            return {"plan": _plan, "apply": _apply, "destroy": _destroy}[verb](stack, endpoint)
        except StackError as error:
            _require_still_running(endpoint, error)
            raise


def _require_still_running(endpoint: str, error: StackError) -> None:
    """Raise StackError, with Terraform's message and the cause, if the local AWS ended while Terraform ran."""
    try:
        isolation.require_answer(endpoint)
    except isolation.NotLocalError as ended:
        raise StackError(f"{error}\n\nThe local AWS stopped meanwhile. {ended}") from error


def _note_others(endpoint: str) -> None:
    others = [other for other in running.endpoints() if other != endpoint]
    if others and not os.environ.get("AWS_ENDPOINT_URL"):
        print(
            f"Using the local AWS at {endpoint}, the newest of several: "
            f"set AWS_ENDPOINT_URL to use {' or '.join(others)}.",
            file=sys.stderr,
        )


def _plan(stack: LocalStack, _: str) -> int:
    with step("terraform plan"):
        status, plan = stack.plan()
    print(printable_lines(plan))
    return status


def _apply(stack: LocalStack, endpoint: str) -> int:
    with step("terraform apply"):
        summary = stack.apply()
    print(printable_lines(summary))
    if applied := Applied.of(endpoint, os.environ["AWS_REGION"], stack.state()):
        last_apply.remember(applied)
        print(f"\n{NEXT}", file=sys.stderr)
    return 0


def _destroy(stack: LocalStack, endpoint: str) -> int:
    outputs = stack.outputs()
    with step("terraform destroy"):
        summary = stack.destroy()
    print(printable_lines(summary))
    if "function_name" in outputs and "function_name" not in stack.outputs():
        last_apply.forget(endpoint, outputs["function_name"])
    return 0


if __name__ == "__main__":
    command_line.run(main)
