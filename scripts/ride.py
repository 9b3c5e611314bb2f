#!/usr/bin/env python3
"""The whole tutorial on this machine: package, deploy to a local AWS of its own, call the function, show the ride.

Nothing is left running, and no AWS account is touched.
"""

import shutil
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_aws.client import local_aws
from local_aws.code_hash import CODE_SHA256_HEADER, code_sha256
from local_aws.processes.work_folder import make_work_folder
from scripts.calling.invocation import call, connect
from scripts.calling.rendering import render
from scripts.deployment_package.build import build
from scripts.deployment_package.target import target_runtime
from scripts.monitoring.recent import recent_charts
from scripts.project.paths import LOCAL, TUTORIAL_EVENT
from scripts.session import isolation
from scripts.session.runs_here import python_for
from scripts.terminal import command_line
from scripts.terminal.colour import has_colour
from scripts.terminal.progress import step
from scripts.terraform.local_stack import LocalStack


@dataclass(frozen=True)
class CodeHashes:
    """The SHA-256, in base64, of the function's zip at the four places it passes through."""

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
    command_line.parser(__doc__, "example: scripts/ride.py").parse_args(arguments)
    return ride()


def ride() -> int:
    """Take the ride; returns 0 if the function answered 2xx and the zip that ran is the zip that was built."""
    with step("Package function/"):
        built = build(runtime=target_runtime())
    print(f"  {python_for(built)}", file=sys.stderr)
    with ExitStack() as started:
        folder = make_work_folder(LOCAL, "ride")
        started.callback(shutil.rmtree, folder, ignore_errors=True)
        with step("Start the local AWS"):
            endpoint = started.enter_context(local_aws())
        isolation.enter(endpoint)
        return _deploy_and_call(LocalStack(folder), built.path)


def _deploy_and_call(stack: LocalStack, zip_path: Path) -> int:
    with step("terraform init"):
        mirror = stack.init()
    if mirror:
        print(f"  provider from the mirror in {mirror}", file=sys.stderr)
    with step("terraform apply"):
        stack.apply()
    outputs = stack.outputs()
    with step(f"Invoke {outputs['function_name']}"):
        functions, tables = connect()
        ran = _watch_code_hash(functions)
        event = TUTORIAL_EVENT.read_text(encoding="utf-8")
        invocation = call(outputs["function_name"], event, functions, tables)
        configuration = functions.get_function_configuration(FunctionName=outputs["function_name"])
    print(render(invocation, colour=has_colour(sys.stdout)))
    hashes = CodeHashes(
        on_disk=code_sha256(zip_path.read_bytes()),
        in_state=stack.source_code_hash(),
        in_lambda=configuration["CodeSha256"],
        ran=ran.get(CODE_SHA256_HEADER, "unknown"),
    )
    print(_proof(hashes))
    print(f"\n{recent_charts(outputs['dashboard_name'])}")
    return 0 if invocation.succeeded and hashes.are_one else 1


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
