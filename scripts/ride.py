#!/usr/bin/env python3
"""Runs the whole tutorial on this machine: packages, deploys to a local AWS of its own, calls the function.

With --package, another package is deployed and called in the same way, with the front door open.

Nothing is left running, and no AWS account is touched.
"""

if __name__ == "__main__":
    from scripts.terminal.starting import end_at_ctrl_c

    end_at_ctrl_c()

import os
import shutil
import sys
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from local_aws.client import local_aws
from local_aws.code_hash import CODE_SHA256_HEADER, code_sha256
from local_aws.processes.work_folder import make_work_folder
from scripts.calling.event import package_event
from scripts.calling.invocation import call, connect
from scripts.calling.rendering import render
from scripts.deployment_package.packages import build_all
from scripts.deployment_package.target import target_runtime
from scripts.monitoring.recent import recent_charts
from scripts.project.packages import ProjectPackage, add_package_option
from scripts.project.paths import LOCAL
from scripts.session import isolation
from scripts.session.last_apply import Applied, function_of
from scripts.session.runs_here import pythons_for
from scripts.terminal import command_line
from scripts.terminal.colour import has_colour
from scripts.terminal.progress import step
from scripts.terraform.local_stack import LocalStack

EXAMPLES = """\
examples:
  ride.py                   the tutorial
  ride.py --package page    the page: its function, deployed with the front door open
"""


@dataclass(frozen=True)
class CodeHashes:
    """The SHA-256, in base64, of the function's zip in the four places that it passes through."""

    on_disk: str
    in_state: str
    in_lambda: str
    ran: str

    @property
    def are_one(self) -> bool:
        """Whether the zip that was built is the zip that ran."""
        return self.on_disk == self.in_state == self.in_lambda == self.ran


@command_line.verb("ride", interrupted="everything it started was stopped.")
def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns the exit status."""
    parser = command_line.parser(__doc__, EXAMPLES)
    add_package_option(parser)
    return ride(ProjectPackage(parser.parse_args(arguments).package))


def ride(package: ProjectPackage) -> int:
    """Deploy and call the function; returns 0 if it answered 2xx and the zip that ran is the zip that was built."""
    for python in pythons_for(build_all(target_runtime(), names=package.built_with())):
        print(f"  {python}", file=sys.stderr)
    with ExitStack() as started:
        folder = make_work_folder(LOCAL, "ride")
        started.callback(shutil.rmtree, folder, ignore_errors=True)
        with step("Start the local AWS"):
            endpoint = started.enter_context(local_aws())
        isolation.enter(endpoint)
        return _deploy_and_call(LocalStack(folder), package)


def _deploy_and_call(stack: LocalStack, package: ProjectPackage) -> int:
    with step("terraform init"):
        mirror = stack.init()
    if mirror:
        print(f"  provider from the mirror in {mirror}", file=sys.stderr)
    with step("terraform apply"):
        stack.apply(**package.variables)
    outputs = stack.outputs()
    applied = Applied.of(os.environ["AWS_ENDPOINT_URL"], os.environ["AWS_REGION"], stack.state())
    function = function_of(applied, package.name)
    with step(f"Invoke {function}"):
        functions, tables = connect()
        ran = _watch_code_hash(functions)
        event = package_event(package)
        invocation = call(function, event, functions, tables if package.is_tutorial else None)
        configuration = functions.get_function_configuration(FunctionName=function)
    print(render(invocation, colour=has_colour(sys.stdout)))
    hashes = CodeHashes(
        on_disk=code_sha256(package.zip.read_bytes()),
        in_state=stack.source_code_hash(function),
        in_lambda=configuration["CodeSha256"],
        ran=ran.get(CODE_SHA256_HEADER, "unknown"),
    )
    if url := outputs.get("url"):
        print(f"\nGET {_got(url)}")
    print(_proof(hashes))
    print(f"\n{recent_charts(outputs['dashboard_name'], outputs['function_name'], function)}")
    return 0 if invocation.succeeded and hashes.are_one else 1


def _got(url: str) -> str:
    """Request a page of the front door, on loopback; returns a line about the answer."""
    with urllib.request.urlopen(url) as answer:  # noqa: S310 - the local AWS's own
        kind, size = answer.headers["content-type"], len(answer.read())
        return f"{url} answered {answer.status}, {kind}, {size:,} bytes"


def _watch_code_hash(functions: Any) -> dict[str, str]:
    """Return a mapping that will hold the headers of the next Invoke's answer."""
    headers: dict[str, str] = {}
    functions.meta.events.register(
        "after-call.lambda.Invoke",
        lambda parsed, **_: headers.update(parsed["ResponseMetadata"]["HTTPHeaders"]),
    )
    return headers


def _proof(hashes: CodeHashes) -> str:
    if hashes.are_one:
        return f"Same zip on disk, in Terraform's state, in Lambda and as run: SHA-256 {hashes.on_disk}"
    return f"The zips differ: {hashes}"


if __name__ == "__main__":
    command_line.run(main)
