"""The README's commands print what the README shows: each is run, in a shell of its own, in a copy of the checkout."""

import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.project.paths import ROOT
from tests.support.checkout import copy_checkout
from tests.support.console import Command, commands, differences
from tests.support.terminal import Terminal

PORT = 4566  # of `make local`, which other commands of the README are for
# What cannot be run here, and why.
NOT_RUN = {
    "make test": "it takes minutes, and CI runs it",
    "aws dynamodb scan --table-name Rides --query Count": "the AWS CLI may not be installed",
}
SECTIONS_NOT_RUN = {"Deploying to AWS": "it needs an AWS account"}
# What runs until Ctrl-C, or until its section is over.
UNTIL_INTERRUPTED = (
    "make local",
    "make play",
    "make dev ARGS=--ride",
    'make monitor ARGS="--watch"',
)
# Shown by the first run after a clone only, by machines with a provider mirror, with one Python or another, or by a
# step that takes long.
NOT_EVERYWHERE = re.compile(
    r"✓ (Make a virtual environment|Install )|  provider from the mirror in |  .*\bpython3\.\d+( is | runs on )|… "
)
# Where a section's commands need a deployment that they do not make.
DEPLOYED = ("Monitoring",)
LOCAL = Command("make local", ("The local AWS is running on",), "", 0)
LOCAL_APPLY = Command("make local-apply", (), "", 0)


def edited(checkout: Path) -> Path:
    return checkout / "function" / "dispatch.py"


def edit(checkout: Path, old: str, new: str) -> None:
    path = edited(checkout)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def save_twice(checkout: Path, terminal: Terminal) -> None:
    """Save what the README's `make dev` shows the effect of: another Eta, and code that does not compile."""
    terminal.wait_for(rb"Recorded item(.|\n)*\n")
    edit(checkout, '"30 seconds"', '"45 seconds"')
    terminal.wait_for(rb"\+ Eta: ")
    edit(checkout, "def choose(pickup", "def choose((pickup")
    terminal.wait_for(b"SyntaxError")


DRIVEN: dict[str, Callable[[Path, Terminal], None]] = {"make dev ARGS=--ride": save_twice}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the checkout in which everything is installed."""
    subprocess.run([sys.executable, "scripts/install.py", "local"], cwd=ROOT, check=True)
    return copy_checkout(tmp_path_factory.mktemp("readme") / "checkout")


def sections() -> dict[str, list[Command]]:
    by_section: dict[str, list[Command]] = {}
    for command in commands(ROOT / "README.md"):
        by_section.setdefault(command.section, []).append(command)
    return by_section


def shell(checkout: Path, typed: str) -> Terminal:
    """Start a command line in a shell of its own, in a terminal that shows text alone."""
    command = ["/bin/sh", "-c", f"exec {typed}" if typed in UNTIL_INTERRUPTED else typed]
    return Terminal(command, checkout, rows=60, TERM="dumb", NO_COLOR="1")


def text_of(terminal: Terminal) -> str:
    lines = terminal.output.decode().replace("\r\n", "\n").split("\n")
    return "\n".join(line for line in lines if not NOT_EVERYWHERE.match(line))


def shown_everywhere(command: Command) -> Command:
    shown = tuple(line for line in command.shown if not NOT_EVERYWHERE.match(line))
    return replace(command, shown=shown)


def run(checkout: Path, command: Command) -> str:
    with shell(checkout, command.typed) as terminal:
        status = terminal.wait()
        assert status == 0, terminal.output.decode()
        return text_of(terminal)


def start(checkout: Path, command: Command) -> Terminal:
    """Start what runs until it is interrupted, and wait until it has shown the last line that the README shows."""
    terminal = shell(checkout, command.typed)
    try:
        if drive := DRIVEN.get(command.typed):
            drive(checkout, terminal)
        else:
            shown = (line for line in reversed(command.shown) if line and line != "…")
            # Up to the port, which is different each time.
            terminal.wait_for(re.escape(re.split(r":\d{4,5}", next(shown, "UTC"))[0]).encode())
    except AssertionError:
        terminal.__exit__()
        raise
    return terminal


@pytest.fixture
def interrupted() -> Iterator[ExitStack]:
    """Give what interrupts, at the end, the commands that a test has started."""
    with ExitStack() as started:
        yield started


def interrupt(terminal: Terminal) -> None:
    if terminal.process.poll() is None:
        terminal.interrupt()
        terminal.wait()
    terminal.__exit__()


@pytest.mark.parametrize("section", [name for name in sections() if name not in SECTIONS_NOT_RUN])
def test_the_commands_of_a_section_print_what_it_shows(
    checkout: Path, interrupted: ExitStack, section: str
) -> None:
    # Given a section, on a machine whose port for the local AWS is free
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", PORT)) == 0:
            pytest.skip(f"something else runs on port {PORT} of this machine")
    # Called last, when nothing watches the file any longer: the next section finds the code as it was.
    interrupted.callback(edited(checkout).write_text, edited(checkout).read_text())
    if section in DEPLOYED:
        interrupted.callback(interrupt, start(checkout, LOCAL))
        run(checkout, LOCAL_APPLY)

    # When each of its commands is typed in a shell of its own
    for command in sections()[section]:
        if command.typed in NOT_RUN:
            continue
        if command.typed in UNTIL_INTERRUPTED:
            terminal = start(checkout, command)
            interrupted.callback(interrupt, terminal)
            output = text_of(terminal)
        else:
            output = run(checkout, command)

        # Then it prints what stands there
        difference = differences(shown_everywhere(command), output)
        assert difference is None, f"README.md:{command.line}: {difference}\n{output}"


def test_what_is_not_run_is_in_the_readme() -> None:
    # Given the commands and sections that are listed as not to be run
    typed = {command.typed for command in commands(ROOT / "README.md")}

    # When they are looked for, then each is there still
    assert NOT_RUN.keys() <= typed
    assert set(UNTIL_INTERRUPTED) <= typed
    assert {*SECTIONS_NOT_RUN, *DEPLOYED} <= sections().keys()
