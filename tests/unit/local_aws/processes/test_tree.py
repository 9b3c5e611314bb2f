"""All descendants of a command end with it: here shells and sleepers with nothing in their environment."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local_aws.processes.tree import CommandStartError, Keepers, ProcessTree

# A daemon: forked twice, in its own session, with an empty environment. It writes its process id to a file.
DETACH = "setsid --fork env -i sh -c 'echo $$ > {file}; exec sleep 600' <&- >&- 2>&-"
# A process that starts a tree with such a daemon.
OWNER = """
import pathlib, sys, time
from local_aws.processes.tree import Keepers
keepers = Keepers()
tree = keepers.start(["/bin/sh", "-c", sys.argv[1]], pathlib.Path("/"), {"PATH": "/usr/bin:/bin"})
time.sleep(600)
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], ProcessTree]]:
    """Yield a function that runs a shell command, with its descendants, until the test's end."""
    keepers = Keepers()
    started: list[ProcessTree] = []

    def run(command: str) -> ProcessTree:
        started.append(
            keepers.start(["/bin/sh", "-c", command], tmp_path, {"PATH": "/usr/bin:/bin"})
        )
        return started[-1]

    yield run
    for tree in started:
        tree.close()
    keepers.close()


def pid_in(file: Path) -> int:
    """Return the process id in the file, once it is written."""
    deadline = time.monotonic() + 20
    while not (file.exists() and file.read_text().endswith("\n")):
        assert time.monotonic() < deadline
        time.sleep(0.005)
    return int(file.read_text())


def ends(pid: int) -> bool:
    """Return whether the process ends soon; the limit is long for a kill and short for a sleeper."""
    deadline = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.005)
    return not Path(f"/proc/{pid}").exists()


def test_a_daemon_ends_with_the_tree(start: Callable[[str], ProcessTree], tmp_path: Path) -> None:
    # Given a command that keeps running beside the daemon it started
    tree = start(DETACH.format(file=tmp_path / "pid") + "; exec sleep 600")
    daemon = pid_in(tmp_path / "pid")

    # When the tree is ended
    tree.end()

    # Then neither is running
    assert ends(daemon)
    assert ends(tree.pid)


def test_a_daemon_ends_with_its_command(
    start: Callable[[str], ProcessTree], tmp_path: Path
) -> None:
    # Given a command that waits until its daemon runs, and then ends by itself
    file = tmp_path / "pid"
    tree = start(DETACH.format(file=file) + f"; while ! [ -s {file} ]; do sleep 0.01; done")

    # When it has ended
    # Then the daemon has ended too
    assert ends(tree.pid)
    assert ends(pid_in(file))


def test_a_daemon_ends_with_the_process_that_started_its_tree(tmp_path: Path) -> None:
    # Given a process that started a tree
    command = DETACH.format(file=tmp_path / "pid") + "; exec sleep 600"
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, command],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    daemon = pid_in(tmp_path / "pid")

    # When it is killed, with no chance to clean up
    owner.send_signal(signal.SIGKILL)
    owner.wait()

    # Then the daemon ends
    assert ends(daemon)


def parent_of(pid: int) -> int:
    """Return the parent's process id."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("PPid:")[1].split()[0])


def test_a_killed_keeper_leaves_nothing(
    start: Callable[[str], ProcessTree], tmp_path: Path
) -> None:
    # Given a command with a daemon
    tree = start(DETACH.format(file=tmp_path / "pid") + "; exec sleep 600")
    daemon = pid_in(tmp_path / "pid")

    # When its keeper is killed, as the command itself could do
    os.kill(parent_of(tree.pid), signal.SIGKILL)

    # Then neither is running
    assert ends(tree.pid)
    assert ends(daemon)


def test_a_killed_process_of_all_keepers_is_replaced(
    start: Callable[[str], ProcessTree], tmp_path: Path
) -> None:
    # Given a command, and the process that forked its keeper killed
    tree = start("exec sleep 600")
    os.kill(parent_of(parent_of(tree.pid)), signal.SIGKILL)

    # When another command is started
    other = start("echo started")

    # Then it runs, and the first one still ends when it should
    assert ends(other.pid)
    assert os.read(other.output, 100) == b"started\n"
    tree.end()
    assert ends(tree.pid)


def test_one_tree_ends_and_another_lives_on(
    start: Callable[[str], ProcessTree], tmp_path: Path
) -> None:
    # Given two trees with a daemon each
    trees = [start(DETACH.format(file=tmp_path / name) + "; exec sleep 600") for name in "ab"]
    daemons = [pid_in(tmp_path / name) for name in "ab"]

    # When one is closed
    trees.pop(0).end()

    # Then the other's daemon is still running
    assert ends(daemons[0])
    assert Path(f"/proc/{daemons[1]}").exists()
    assert not trees[0].ended


def test_what_the_tree_prints_can_be_read(start: Callable[[str], ProcessTree]) -> None:
    # Given a command that prints to both of its outputs
    tree = start("echo one; echo two >&2")

    # When it has ended
    assert ends(tree.pid)

    # Then both lines can be read
    assert os.read(tree.output, 100) == b"one\ntwo\n"


def test_a_missing_command_is_an_error_that_names_it(tmp_path: Path) -> None:
    # Given a command that does not exist
    keepers = Keepers()

    # When it is started
    # Then the error names it
    with pytest.raises(CommandStartError, match="no-such-command"):
        keepers.start(["/no-such-command"], tmp_path, {})
    keepers.close()


def test_after_close_no_command_can_be_started(tmp_path: Path) -> None:
    # Given keepers that are closed
    keepers = Keepers()
    keepers.close()

    # When a command is started
    # Then that raises CommandStartError
    with pytest.raises(CommandStartError):
        keepers.start(["/bin/true"], tmp_path, {})
