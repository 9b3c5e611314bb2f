#!/usr/bin/env python3
"""Prints the lines that point a shell at the running local AWS: eval "$(make -s env)"."""

if __name__ == "__main__":
    from scripts.terminal.starting import end_at_ctrl_c

    end_at_ctrl_c()

import re
import shutil
import subprocess
import sys
from urllib.parse import urlsplit

from local_aws.client_environment import export_lines
from scripts.session import running
from scripts.terminal import command_line
from scripts.terminal.errors import UserError

# The first versions that read AWS_ENDPOINT_URL, by major version ("AWS SDKs and Tools Reference Guide", endpoints).
READS_ENDPOINT_URL = {1: (1, 29), 2: (2, 13)}


@command_line.verb("env")
def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns the exit status."""
    parser = command_line.parser(__doc__, 'example: eval "$(make -s env ARGS="--port 5000")"')
    parser.add_argument(
        "--port", type=int, help="which of several local AWSs (default: the newest)"
    )
    port = parser.parse_args(arguments).port
    endpoint = _with_port(port) if port else running.newest_endpoint()
    print("\n".join(export_lines(endpoint)))
    print(f"This shell's AWS is now the local one at {endpoint}.", file=sys.stderr)
    others = [other for other in running.endpoints() if other != endpoint]
    if others:
        print(
            f"Others are running at {', '.join(others)}: choose one with --port.", file=sys.stderr
        )
    _warn_of_old_aws_cli()
    return 0


def _with_port(port: int) -> str:
    for endpoint in running.endpoints():
        if urlsplit(endpoint).port == port:
            return endpoint
    raise UserError(
        f"no local AWS of this checkout is running on port {port}. "
        f'Start one with `make local ARGS="--port {port}"`.'
    )


def _warn_of_old_aws_cli() -> None:
    """Warn if the `aws` on PATH is too old to read AWS_ENDPOINT_URL: it would call AWS itself."""
    if not shutil.which("aws"):
        return
    done = subprocess.run(["aws", "--version"], capture_output=True, check=False)  # noqa: S607 - on PATH
    version = re.match(rb"aws-cli/(\d+)\.(\d+)", done.stdout or done.stderr)
    if not version:
        return
    major, minor = int(version[1]), int(version[2])
    needed = READS_ENDPOINT_URL.get(major)
    if needed and (major, minor) < needed:
        print(
            f"Your aws CLI {major}.{minor} does not read AWS_ENDPOINT_URL: install {needed[0]}.{needed[1]} or newer, "
            "or add --endpoint-url $AWS_ENDPOINT_URL to each command.",
            file=sys.stderr,
        )


if __name__ == "__main__":
    command_line.run(main)
