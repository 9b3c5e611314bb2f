"""A script ends with the right status and never with a traceback, whatever happens to its streams."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.terminal import command_line

Script = Callable[[str], list[str]]


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """Give a maker of scripts whose main() has this body; returns the command that runs one."""

    def make(body: str) -> list[str]:
        path = tmp_path / "script.py"
        folder = str(Path(command_line.__file__).parent)
        path.write_text(
            f"import argparse, signal, sys\nsys.path.append({folder!r})\nimport command_line\n"
            f"def main():\n    {body}\ncommand_line.run(main)\n"
        )
        return [sys.executable, str(path)]

    return make


@pytest.mark.parametrize("status", [0, 1, 2])
def test_the_status_is_that_of_main(script: Script, status: int) -> None:
    # Given a script whose main() returns a status
    # When it is run
    done = subprocess.run(script(f"return {status}"), check=False)

    # Then it ends with it
    assert done.returncode == status


@pytest.mark.parametrize(
    "body",
    [
        "print(1); return 0",
        "print('1' * 100_000); return 0",
        "argparse.ArgumentParser().parse_args(['--help'])",
    ],
    ids=["little", "much", "help"],
)
def test_a_reader_who_has_seen_enough_ends_it_silently(script: Script, body: str) -> None:
    # Given a pipe whose reader has gone
    reading, writing = os.pipe()
    os.close(reading)

    # When a script writes into it
    with os.fdopen(writing) as pipe:
        done = subprocess.run(script(body), stdout=pipe, stderr=subprocess.PIPE, check=False)

    # Then it ends as commands that such a pipe ends, without a word
    assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, b"")


@pytest.mark.parametrize("body", ["print(1); return 0", "print('1' * 100_000); return 0"])
def test_a_full_disk_is_reported_in_a_line(script: Script, body: str) -> None:
    # Given a file on a disk that is full
    with Path("/dev/full").open("w") as full:
        # When a script writes into it
        done = subprocess.run(
            script(body), stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )

    # Then it says so
    assert done.returncode == 1
    assert done.stderr.startswith("script: [Errno 28] No space left on device. Check free space")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_empty(script: Script, closed: str) -> None:
    # Given a script that uses all its streams
    command = script("word = sys.stdin.read(); print(word); print(word, file=sys.stderr); return 7")

    # When the shell closes some
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {closed}', "sh", *command],
        input=b"",
        capture_output=True,
        check=False,
    )

    # Then it ends with its own status
    assert done.returncode == 7
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_after_its_clean_up(script: Script, end: signal.Signals) -> None:
    # Given a script with something to clean up
    command = script(
        "try:\n        print('begun', flush=True)\n        signal.pause()\n"
        "    finally:\n        print('cleaned up')"
    )

    # When it is signalled
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(end)
        out, err = process.communicate(timeout=60)

    # Then it cleans up, and its status names the signal
    assert process.returncode == 128 + end
    assert (out, err) == (b"cleaned up\n", b"")


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_although_it_came_while_python_ran_a_finalizer(
    script: Script, end: signal.Signals
) -> None:
    # Given a script that is signalled in a finalizer, out of which Python lets no exception
    command = script(
        f"class Last:\n        def __del__(self): signal.raise_signal({int(end)})\n"
        "    Last(); signal.sigtimedwait([], 30); return 0"
    )

    # When it is run
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    # Then its status names the signal
    assert (done.returncode, done.stdout, done.stderr) == (128 + end, "", "")


def test_ctrl_c_as_it_ends_shows_no_traceback(script: Script) -> None:
    # Given a script that has done its work, when Ctrl-C is pressed
    command = script("import atexit; atexit.register(signal.raise_signal, 2); return 0")
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    # Then the signal has ended it
    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")


def test_a_signal_that_it_was_started_to_ignore_does_not_end_it(script: Script) -> None:
    # Given a script that is signalled
    command = script("signal.raise_signal(signal.SIGHUP); return 7")

    # When it is run under nohup
    done = subprocess.run(["nohup", *command], capture_output=True, check=False)  # noqa: S607 - on PATH

    # Then it goes on to its end
    assert done.returncode == 7


@pytest.mark.parametrize(("end", "status"), [(signal.SIGINT, 0), (signal.SIGTERM, 143)])
def test_what_runs_until_ctrl_c_ends_well_by_that_alone(
    script: Script, end: signal.Signals, status: int
) -> None:
    # Given a script that runs until Ctrl-C
    command = script(
        f"with command_line.until_ctrl_c(): signal.raise_signal({int(end)})\n    return 0"
    )

    # When a signal ends it, then only Ctrl-C is its proper end
    assert subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == status
