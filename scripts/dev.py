#!/usr/bin/env python3
"""Runs a package on a local AWS of its own, and deploys each saved file of its folder at once.

No AWS account is touched. Ctrl-C stops the local AWS and deletes its data.
"""

if __name__ == "__main__":
    from scripts.terminal.starting import end_at_ctrl_c

    end_at_ctrl_c()

import os
import shutil
import sys
import textwrap
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from local_aws.client import local_aws
from local_aws.client_environment import export_lines
from local_aws.processes.work_folder import make_work_folder
from scripts.calling.answer_diff import Fact, changes, facts
from scripts.calling.clients import CallError
from scripts.calling.invocation import Invocation, call, connect
from scripts.calling.rendering import render
from scripts.deployment_package.build import build
from scripts.deployment_package.errors import PackageError
from scripts.deployment_package.for_apply import build_for_apply
from scripts.deployment_package.syntax import SourceError
from scripts.deployment_package.target import target_runtime
from scripts.project.packages import ProjectPackage, add_package_option
from scripts.project.paths import LOCAL, TUTORIAL_EVENT
from scripts.session import isolation, last_apply, watcher
from scripts.session.deployment import add_port, deploy
from scripts.session.live_code import LiveCode, UploadError
from scripts.session.runs_here import pythons_for
from scripts.terminal import command_line
from scripts.terminal.colour import GREEN, RED, has_colour, paint
from scripts.terminal.errors import UserError
from scripts.terminal.printable import printable, printable_lines
from scripts.terminal.progress import step

# Names of values, in the answer and in the log, that differ from ride to ride even if the code is the same.
RANDOM_VALUES = frozenset(
    {
        *("RideId", "Unicorn.Name", "Unicorn.Color", "Unicorn.Gender", "UnicornName"),
        *("log.requestId", "log.reference", "log.ride_id", "log.duration_ms"),
    }
)


EXAMPLES = """\
examples:
  dev.py                   the function: each save in function/ is live
  dev.py --ride            the same, with a ride after each save
  dev.py --package page    the page: each save in page/ is live, with the front door open
"""


@command_line.verb("dev", interrupted="everything it started was stopped.")
def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns the exit status."""
    parser = command_line.parser(__doc__, EXAMPLES)
    add_package_option(parser)
    parser.add_argument(
        "--ride",
        action="store_true",
        help="send the tutorial's event after every save and show what changed in the answer",
    )
    add_port(parser)
    options = parser.parse_args(arguments)
    project = ProjectPackage(options.package)
    if options.ride and not project.is_tutorial:
        parser.error("--ride sends the tutorial's event, which only function/ understands")
    try:
        develop(project, options.port, ride=options.ride)
    except BotoCoreError as error:
        raise UserError(f"the local AWS has stopped: {error}\nStart again.") from error
    return 0


def develop(project: ProjectPackage, port: int, *, ride: bool) -> None:
    """Deploy to a local AWS on the port, then deploy every save there, until Ctrl-C."""
    # pip's settings are for packaging only: what runs from here on does not see them.
    environment = dict(os.environ)
    for python in pythons_for(build_for_apply((), environment, project.built_with())):
        _say(f"  {python}")
    package = partial(build, runtime=target_runtime(), environment=environment)
    with ExitStack() as started:
        folder = make_work_folder(LOCAL, "dev")
        started.callback(shutil.rmtree, folder, ignore_errors=True)
        with step("Start the local AWS"):
            # With the front door open, Cognito mails confirmation codes, which are printed.
            messages = None if project.is_tutorial else sys.stderr
            endpoint = started.enter_context(local_aws(port, messages=messages))
        isolation.enter(endpoint)
        applied, outputs = deploy(endpoint, folder, started, **project.variables)
        function = last_apply.function_of(applied, project.name)
        functions, tables = connect()
        code = LiveCode(function, functions, folder / project.zip.name, package, project)
        event = TUTORIAL_EVENT.read_text(encoding="utf-8")
        rides = Rides(lambda: call(function, event, functions, tables)) if ride else None
        with command_line.until_ctrl_c():
            saves = watcher.saves(project.folder)
            next(saves)
            _announce(endpoint, function, project, folder, outputs.get("url"))
            _deploy(code, rides)  # what was saved while Terraform ran
            for _ in saves:
                _deploy(code, rides)


class Rides:
    """Sends one event after each save and shows what changed in the answer."""

    def __init__(self, send: Callable[[], Invocation]) -> None:
        self._send = send
        self._last: tuple[Fact, ...] = ()

    def show_next(self) -> None:
        """Send the event, and show what changed since the last answer; the first answer or a failure is shown whole.

        Raises CallError if the function does not answer.
        """
        ride = self._send()
        if ride.function_error or not self._last:
            _say(textwrap.indent(render(ride, colour=has_colour(sys.stdout)), "  "))
        else:
            _say(f"  {printable(ride.headline)}")
            for line in map(printable, changes(self._last, facts(ride), RANDOM_VALUES)):
                _say(f"  {line}", GREEN if line.startswith("+") else RED)
        if not ride.function_error:
            self._last = facts(ride)


def _deploy(code: LiveCode, rides: Rides | None) -> None:
    noticed = time.monotonic()
    try:
        update = code.update()
        ms = (time.monotonic() - noticed) * 1000
        files = printable(" ".join(update.changes)) or "nothing new"
        _say(f"✓ {files}: {update.sha256_base64[:8]} is live after {ms:.0f} ms")
        if rides:
            rides.show_next()
    except (PackageError, SourceError) as error:
        _say(
            f"✗ not deployed; the previous code still answers:\n{printable_lines(str(error))}", RED
        )
    except (UploadError, ClientError, CallError) as error:
        _say(f"✗ {printable_lines(str(error))}", RED)


def _announce(
    endpoint: str, function: str, project: ProjectPackage, folder: Path, url: str | None
) -> None:
    _say(f"\n{function} answers on {endpoint}; each save in {project.name}/ is deployed there.")
    if url:
        _say(f"The front door is open: {url}")
    _say("Ctrl-C stops it and deletes its data. In another shell:\n")
    for line in export_lines(endpoint):
        _say(f"  {line}")
    variables = "".join(f" -var {name}=true" for name in project.variables)
    plan = f"terraform -chdir={os.path.relpath(folder)} plan{variables}"
    invoke = (
        "make invoke" if project.is_tutorial else f'make invoke ARGS="--package {project.name}"'
    )
    _say(f"\nThere, `{invoke}` calls it and `{plan}` shows what Terraform would change.\n")


def _say(text: str, code: int = 0) -> None:
    print(paint(text, code, colour=bool(code) and has_colour(sys.stdout)), flush=True)


if __name__ == "__main__":
    command_line.run(main)
