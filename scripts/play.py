#!/usr/bin/env python3
"""Opens the front door on this machine: a page where you sign up, sign in, choose a place and ask for a unicorn.

No AWS account is touched, and only this machine can reach the page. Ctrl-C stops it and deletes its data.
"""

if __name__ == "__main__":
    from scripts.terminal.starting import end_at_ctrl_c

    end_at_ctrl_c()

import os
import shutil
import sys
import time
import webbrowser
from contextlib import ExitStack
from typing import NoReturn

from local_aws.client import local_aws
from local_aws.processes.work_folder import make_work_folder
from scripts.deployment_package.for_apply import build_for_apply
from scripts.project.paths import LOCAL
from scripts.session import isolation
from scripts.session.deployment import add_port, deploy
from scripts.session.runs_here import pythons_for
from scripts.terminal import command_line
from scripts.terminal.errors import UserError
from scripts.terminal.progress import step

# How often it checks that the local AWS is still running.
POLL_S = 1
# What a browser needs to know about the desktop session.
DESKTOP = ("BROWSER", "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR")
EXAMPLES = """\
examples:
  play.py                  opens the page in a browser, if there is one
  play.py --no-browser     only prints its address
"""


@command_line.verb("play", interrupted="everything it started was stopped.")
def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns the exit status."""
    parser = command_line.parser(__doc__, EXAMPLES)
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    add_port(parser)
    options = parser.parse_args(arguments)
    desktop = {name: os.environ[name] for name in DESKTOP if name in os.environ}
    with ExitStack() as started:
        endpoint = _start(options.port, started)
        url = _open_front_door(endpoint, started)
        print(f"\n{url}\n", flush=True)
        print(
            "Mail, such as your confirmation code, is shown here. Ctrl-C stops.\n", file=sys.stderr
        )
        if not options.no_browser:
            _show(url, desktop)
        with command_line.until_ctrl_c():
            _wait_until_it_stops(endpoint)
    return 0


def _start(port: int, started: ExitStack) -> str:
    """Package the functions and start the local AWS; returns its endpoint."""
    for python in pythons_for(build_for_apply((), dict(os.environ))):
        print(f"  {python}", file=sys.stderr)
    with step("Start the local AWS"):
        endpoint = started.enter_context(local_aws(port, messages=sys.stderr))
    isolation.enter(endpoint)
    return endpoint


def _open_front_door(endpoint: str, started: ExitStack) -> str:
    """Deploy with the front door open; returns the page's address."""
    folder = make_work_folder(LOCAL, "play")
    started.callback(shutil.rmtree, folder, ignore_errors=True)
    _, outputs = deploy(endpoint, folder, started, front_door=True)
    return str(outputs["url"])


def _wait_until_it_stops(endpoint: str) -> NoReturn:
    """Wait until the local AWS stops unexpectedly; raises UserError then."""
    while True:
        time.sleep(POLL_S)
        try:
            isolation.require_answer(endpoint)
        except isolation.NotLocalError as error:
            raise UserError(f"the local AWS at {endpoint} has stopped.\nStart again.") from error


def _show(url: str, desktop: dict[str, str]) -> None:
    """Open a page in a browser if there is a screen; `desktop` has the variables that the browser needs."""
    if desktop.keys() & {"DISPLAY", "WAYLAND_DISPLAY"}:
        os.environ.update(desktop)
        webbrowser.open(url)


if __name__ == "__main__":
    command_line.run(main)
