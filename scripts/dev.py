#!/usr/bin/env python3
"""Runs the function on a local AWS of its own, where every saved file of function/ answers in a moment.

No AWS account is touched. Ctrl-C stops it and forgets everything.
"""

import argparse
import os
import shutil
import sys
import textwrap
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

import command_line
import invoke
import isolation
import package
import watcher
from answer_diff import LOG, Fact, changes, facts, left_to_chance
from clients import CallError
from live_code import LiveCode, SourceError, UploadError, compile_all
from local import DEFAULT_PORT
from local_aws.work_folder import make_work_folder
from local_process import LocalAwsError, local_aws
from progress import colour, step
from provider_mirror import MirrorError
from stack import LOCAL, LocalStack, StackError

# Sent after the first to the same code, to learn what is left to chance: the same unicorn of three five times is rare.
MORE_RIDES = 4
FAINT, RED, GREEN = 2, 31, 32


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog="example: scripts/dev.py --ride",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--ride",
        action="store_true",
        help="send the tutorial's event after every save and show what changed in the answer",
    )
    parser.add_argument(
        "--port",
        type=int,
        default=DEFAULT_PORT,
        help=f"port on 127.0.0.1 (default {DEFAULT_PORT}; 0: any free one)",
    )
    options = parser.parse_args(arguments)
    try:
        develop(options.port, ride=options.ride)
    except (
        package.PackageError,
        LocalAwsError,
        MirrorError,
        StackError,
        CallError,
    ) as error:
        print(f"dev: {error}", file=sys.stderr)
        return 1
    except SourceError as error:
        print(f"dev: function/ does not compile:\n{error}", file=sys.stderr)
        return 1
    except BotoCoreError as error:
        print(f"dev: the local AWS has ended: {error}\nStart again.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("dev: interrupted; what it had started is stopped.", file=sys.stderr)
        raise
    return 0


def develop(port: int, *, ride: bool) -> None:
    """Deploy to a local AWS on the port, then make every save answer there, until Ctrl-C."""
    with step("Package function/"):
        built = package.build()
        compile_all(built.path, built.files)
    with ExitStack() as started:
        folder = make_work_folder(LOCAL, "dev")
        started.callback(shutil.rmtree, folder, ignore_errors=True)
        with step("Start the local AWS"):
            endpoint = started.enter_context(local_aws(port))
        isolation.enter(endpoint)
        stack = LocalStack(folder)
        with step("terraform init"):
            stack.init()
        with step("terraform apply"):
            stack.apply()
        function = stack.outputs()["function_name"]
        functions, tables = invoke.connect()
        code = LiveCode(function, functions, folder / "function.zip")
        event = invoke.TUTORIAL_EVENT.read_text()
        rides = Rides(lambda: invoke.call(function, event, functions, tables)) if ride else None
        try:
            saves = watcher.saves()
            next(saves)
            _announce(endpoint, function, folder)
            _put_live(code, rides)  # what was saved while Terraform ran
            for _ in saves:
                _put_live(code, rides)
        except KeyboardInterrupt:
            _say("\nStopping.")


class Rides:
    """Sends one event after each save and shows what is new in the answer."""

    def __init__(self, send: Callable[[], invoke.Invocation]) -> None:
        self._send = send
        self._last: tuple[Fact, ...] = ()
        self._chance: frozenset[str] = frozenset()

    def show_next(self) -> None:
        """Send the event, and show what is new since the last answer; the first, or a failure, is shown whole.

        Raises CallError if there is no answer.
        """
        ride = self._send()
        if ride.function_error or not self._last:
            _say(textwrap.indent(invoke.render(ride, _coloured()), "  "))
        else:
            self._show_news(ride)
        if not ride.function_error:
            self._last = facts(ride)
            more = [facts(self._send()) for _ in range(MORE_RIDES)]
            self._chance |= left_to_chance([self._last, *more])

    def _show_news(self, ride: invoke.Invocation) -> None:
        _say(f"  {ride.headline}")
        answer = facts(ride)
        for line in changes(self._last, answer, self._chance):
            _say(f"  {line}", GREEN if line.startswith("+") else RED)
        chosen = [
            f"{name} {value}"
            for name, value in answer
            if name in self._chance and not name.startswith(LOG)
        ]
        if chosen:
            _say(f"  by chance: {', '.join(chosen)}", FAINT)


def _put_live(code: LiveCode, rides: Rides | None) -> None:
    noticed = time.monotonic()
    try:
        update = code.update()
        ms = (time.monotonic() - noticed) * 1000
        files = " ".join(update.changes) or "nothing new"
        _say(f"✓ {files}: {update.sha256_base64[:8]} is live after {ms:.0f} ms")
        if rides:
            rides.show_next()
    except (package.PackageError, SourceError) as error:
        _say(f"✗ the old code goes on answering:\n{error}", RED)
    except (UploadError, ClientError, CallError) as error:
        _say(f"✗ {error}", RED)


def _announce(endpoint: str, function: str, folder: Path) -> None:
    _say(f"\n{function} answers on {endpoint}, and what you save in function/ with it.")
    _say("Ctrl-C stops it and forgets everything. In another shell:\n")
    for line in isolation.export_lines(endpoint):
        _say(f"  {line}")
    plan = f"terraform -chdir={os.path.relpath(folder)} plan"
    _say(f"\nThere, `make invoke` calls it and `{plan}` tells what Terraform would change.\n")


def _say(text: str, code: int | None = None) -> None:
    print(f"\033[{code}m{text}\033[0m" if code and _coloured() else text, flush=True)


def _coloured() -> bool:
    return colour(stream_is_terminal=sys.stdout.isatty())


if __name__ == "__main__":
    command_line.run(main)
