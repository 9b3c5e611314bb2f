#!/usr/bin/env python3
"""Runs the local AWS in the foreground until Ctrl-C, like any development server."""

import argparse
import json
import logging
import platform
import signal
import sys
import threading

import command_line
import isolation

DEFAULT_PORT = 4566


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog="example: scripts/local.py --port 5000",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--port",
        type=int,
        default=DEFAULT_PORT,
        help=f"port on 127.0.0.1 (default {DEFAULT_PORT}; 0: any free one)",
    )
    parser.add_argument(
        "--json", action="store_true", help="print the endpoint as one line of JSON instead"
    )
    options = parser.parse_args(arguments)
    if platform.system() != "Linux":
        print(
            f"local: AWS's Runtime Interface Emulator runs on Linux, not on {platform.system()}.\n"
            "Use a Linux machine, container or WSL 2 - or deploy to AWS with `make apply`.",
            file=sys.stderr,
        )
        return 1
    return serve(options.port, as_json=options.json)


def serve(port: int, *, as_json: bool) -> int:
    """Answer on 127.0.0.1:port until SIGINT or SIGTERM; returns the exit status."""
    # Imported late: it takes a second, and needs packages that --help does not.
    from local_aws.server import LocalAws, PortError
    from local_aws.toolchain import MissingToolchainError

    isolation.enter(isolation.NOWHERE)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    try:
        aws = LocalAws(port)
    except MissingToolchainError as error:
        print(f"local: {error}", file=sys.stderr)
        return 1
    except PortError as error:
        print(
            f"local: port {port} of 127.0.0.1 cannot be used: {error}\nChoose another with --port.",
            file=sys.stderr,
        )
        return 1
    except OSError as error:
        print(f"local: {error}; is there room in the folder for temporary files?", file=sys.stderr)
        return 1
    aws.start()
    try:
        _announce(aws.endpoint, as_json=as_json)
        stop.wait()
    finally:
        aws.stop()
    return 0


def _announce(endpoint: str, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"endpoint": endpoint}), flush=True)
        return
    print(f"The local AWS answers on {endpoint}; Ctrl-C stops it and forgets everything.\n")
    print("In another shell:\n")
    print("\n".join(f"  {line}" for line in isolation.export_lines(endpoint)))
    print(
        "\nThere, `make local-apply` deploys to it and `make invoke` calls the function.",
        flush=True,
    )


if __name__ == "__main__":
    command_line.run(main)
