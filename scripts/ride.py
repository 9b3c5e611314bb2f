#!/usr/bin/env python3
"""The whole tutorial on this machine: package, deploy to a local AWS of its own, call the function, show the ride.

Nothing is left running, and no AWS account is touched.
"""

import argparse
import base64
import hashlib
import shutil
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import command_line
import invoke
import isolation
import monitor
import package
from clients import CallError
from local_aws.work_folder import make_work_folder
from local_process import LocalAwsError, local_aws
from progress import colour, step
from provider_mirror import MirrorError
from stack import LOCAL, LocalStack, StackError

CODE_SHA256_HEADER = "x-local-aws-code-sha256"


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


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns the exit status."""
    argparse.ArgumentParser(
        description=__doc__,
        epilog="example: scripts/ride.py",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args(arguments)
    try:
        return ride()
    except (
        package.PackageError,
        LocalAwsError,
        MirrorError,
        StackError,
        CallError,
    ) as error:
        print(f"ride: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("ride: interrupted; what it had started is stopped.", file=sys.stderr)
        raise


def ride() -> int:
    """Take the ride; returns 0 if the function answered 2xx and the zip that ran is the zip that was built."""
    with step("Package function/"):
        built = package.build()
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
        functions, tables = invoke.connect()
        ran = _watch_code_hash(functions)
        event = invoke.TUTORIAL_EVENT.read_text()
        invocation = invoke.call(outputs["function_name"], event, functions, tables)
        configuration = functions.get_function_configuration(FunctionName=outputs["function_name"])
    print(invoke.render(invocation, colour=colour(stream_is_terminal=sys.stdout.isatty())))
    hashes = CodeHashes(
        on_disk=base64.b64encode(hashlib.sha256(zip_path.read_bytes()).digest()).decode(),
        in_state=stack.source_code_hash(),
        in_lambda=configuration["CodeSha256"],
        ran=ran.get(CODE_SHA256_HEADER, "unknown"),
    )
    print(_proof(hashes))
    print(f"\n{monitor.recent_charts(outputs['function_name'])}")
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
