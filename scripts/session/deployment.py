"""For commands that run a local AWS of their own: its port, and what is deployed there while they run."""

import argparse
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from scripts.session import last_apply, running
from scripts.session.last_apply import Applied
from scripts.terminal.progress import step
from scripts.terraform.local_stack import LocalStack


def add_port(parser: argparse.ArgumentParser) -> None:
    """Give a verb's parser the option --port."""
    parser.add_argument(
        "--port",
        type=int,
        default=0,
        help="port of the local AWS on 127.0.0.1 (default: any free port, so `make local` can run too)",
    )


def deploy(
    endpoint: str, folder: Path, session: ExitStack, **variables: Any
) -> tuple[Applied, dict[str, Any]]:
    """Apply the configuration, in a working folder, to this process's local AWS; also returns Terraform's outputs.

    Until `session` ends, `make invoke` and `make monitor` use it. Raises StackError and NothingAppliedError.
    """
    stack = LocalStack(folder)
    with step("terraform init"):
        stack.init()
    with step("terraform apply"):
        stack.apply(**variables)
    session.enter_context(running.registered(endpoint))
    applied = session.enter_context(last_apply.remembered(endpoint, stack.state()))
    return applied, stack.outputs()
