"""Runs the local AWS in the foreground until Ctrl-C, like any development server."""

import signal

if __name__ == "__main__":
    # Until `serve` handles Ctrl-C, an import would show a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import argparse
import contextlib
import json
import logging
import os
import platform
import sys
import threading
from pathlib import Path
from typing import NoReturn

from local_aws.client_environment import CREDENTIALS, export_lines
from local_aws.errors import LocalAwsError
from local_aws.loopback import NO_PROXY, NOWHERE

DEFAULT_PORT = 4566
# What differs from Lambda if this machine does not allow namespaces.
NO_NAMESPACES = (
    "local_aws: no namespaces ({reason}): functions see this machine's files, processes and /tmp, "
    "and their code is in a writable folder instead of /var/task"
)


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return serve(options.port, as_json=options.json, endpoint_file=options.endpoint_file)
    except LocalAwsError as error:
        print(f"local_aws: {error}", file=sys.stderr)
    except BrokenPipeError:
        # Otherwise Python would fail again when it flushes stdout at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except OSError as error:
        print(f"local_aws: {error}; is the disk full?", file=sys.stderr)
    return 1


def serve(port: int, *, as_json: bool, endpoint_file: Path | None = None) -> int:
    """Serve on 127.0.0.1:port until SIGINT, SIGTERM or SIGHUP; returns the exit status.

    Meanwhile, `endpoint_file` contains the endpoint.

    Raises LocalAwsError if it cannot start, and OSError if its work folder cannot be created.
    """
    if platform.system() != "Linux":
        raise LocalAwsError(
            f"AWS's Runtime Interface Emulator runs on Linux, not on {platform.system()}.\n"
            "Use a Linux machine, a container or WSL 2, or deploy to AWS."
        )
    _clear_aws_settings()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Under nohup it outlives its terminal.
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: stop.set())
    # Imported late: it takes a second, and --help must work without its packages.
    from local_aws.server import LocalAws

    if stop.is_set():
        return 0
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    aws = LocalAws(port)
    aws.start()
    try:
        if endpoint_file:
            endpoint_file.parent.mkdir(parents=True, exist_ok=True)
            endpoint_file.write_text(aws.endpoint)
        _announce(aws.endpoint, as_json=as_json)
        if aws.no_namespaces_because:
            reason = aws.no_namespaces_because
            print(NO_NAMESPACES.format(reason=reason), file=sys.stderr, flush=True)
        # moto prints on stdout: a parent process reads one line from that pipe, which would then fill up.
        with contextlib.redirect_stdout(sys.stderr):
            stop.wait()
    finally:
        if endpoint_file:
            endpoint_file.unlink(missing_ok=True)
        aws.stop()
    return 0


def _clear_aws_settings() -> None:
    """Remove all variables that lead to AWS or configure moto from this process's environment."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "MOTO_"))]:
        del os.environ[name]
    os.environ.update(CREDENTIALS, AWS_ENDPOINT_URL=NOWHERE, NO_PROXY=NO_PROXY, no_proxy=NO_PROXY)


def _announce(endpoint: str, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"endpoint": endpoint}), flush=True)
        return
    print(f"The local AWS is running on {endpoint}. Ctrl-C stops it and deletes all its data.\n")
    print("To use it from another shell, run there:\n")
    print("\n".join(f"  {line}" for line in export_lines(endpoint)))
    print("\nTerraform, the AWS CLI and every AWS SDK in that shell will then use it.", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m local_aws",
        description=__doc__,
        epilog="example: python -m local_aws --port 5000",
    )
    parser.add_argument(
        "--port",
        type=int,
        default=DEFAULT_PORT,
        help="port on 127.0.0.1 (default: %(default)s; 0 picks a free one)",
    )
    parser.add_argument(
        "--json", action="store_true", help="print only the endpoint, as one line of JSON"
    )
    parser.add_argument(
        "--endpoint-file",
        type=Path,
        metavar="FILE",
        help="also write the endpoint to a file, which is removed at the end",
    )
    return parser


def _end(status: int) -> NoReturn:
    """End this process without tearing down its modules: with moto's models that takes half a second or more."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    _end(main())
