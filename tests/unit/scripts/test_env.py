"""`eval "$(make -s env)"` points a shell at the local AWS that runs."""

import os
import subprocess
from pathlib import Path

import pytest

from local_aws.client_environment import export_lines
from scripts import env
from scripts.session import running

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the place where local AWSs register, on a machine without an AWS CLI."""
    monkeypatch.setattr(running, "FOLDER", tmp_path / "running")
    running.FOLDER.mkdir()
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return running.FOLDER


def register(folder: Path, pid: int, port: int) -> None:
    (folder / str(pid)).write_text(f"http://127.0.0.1:{port}")
    os.utime(folder / str(pid), (port, port))


def test_the_lines_for_the_shell_are_all_of_stdout(folder: Path, capsys: Capture) -> None:
    # Given a local AWS that runs, and one that was killed
    register(folder, os.getpid(), 4566)
    register(folder, 2**22 + 1, 4567)

    # When its lines are asked for
    assert env.main([]) == 0

    # Then they are those of the one that runs, and what is for a person is on stderr
    shown = capsys.readouterr()
    assert shown.out.splitlines() == export_lines("http://127.0.0.1:4566")
    assert shown.err == "This shell's AWS is now the local one at http://127.0.0.1:4566.\n"


def test_without_a_local_aws_the_shell_gets_nothing_and_the_person_the_fix(
    folder: Path, capsys: Capture
) -> None:
    # Given no local AWS, when its lines are asked for
    assert env.main([]) == 1

    # Then there are none, and the error says how to start one
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == (
        "env: no local AWS of this checkout is running. Start one with `make local`.\n"
    )


def test_of_two_the_newest_is_taken_or_the_one_with_a_port(folder: Path, capsys: Capture) -> None:
    # Given two local AWSs
    register(folder, os.getpid(), 5000)
    register(folder, os.getppid(), 4566)

    # When one is asked for without its port, and with it
    env.main([])
    newest = capsys.readouterr()
    env.main(["--port", "4566"])
    named = capsys.readouterr()

    # Then the other is mentioned
    assert "export AWS_ENDPOINT_URL=http://127.0.0.1:5000" in newest.out
    assert "Others are running at http://127.0.0.1:4566: choose one with --port." in newest.err
    assert "export AWS_ENDPOINT_URL=http://127.0.0.1:4566" in named.out
    assert env.main(["--port", "7"]) == 1


@pytest.mark.parametrize(
    ("version", "warned"),
    [
        ("aws-cli/2.9.19 Python/3.11.2 Linux/6.1", True),
        ("aws-cli/1.28.85 Python/3.8", True),
        ("aws-cli/2.13.0 Python/3.11", False),
        ("aws-cli/1.29.0", False),
        ("nothing known", False),
    ],
)
def test_an_aws_cli_that_would_go_to_aws_all_the_same_is_warned_of(
    folder: Path, capsys: Capture, version: str, warned: bool
) -> None:
    # Given an AWS CLI of some version
    register(folder, os.getpid(), 4566)
    cli = folder.parent / "bin" / "aws"
    cli.write_text(f"#!/bin/sh\necho '{version}'\n")
    cli.chmod(0o755)

    # When the lines are asked for
    env.main([])

    # Then a version that does not read AWS_ENDPOINT_URL is named with the fix
    assert ("does not read AWS_ENDPOINT_URL: install" in capsys.readouterr().err) is warned


def test_a_shell_can_evaluate_the_lines(folder: Path, capsys: Capture) -> None:
    # Given a local AWS
    register(folder, os.getpid(), 4566)
    env.main([])

    # When a shell evaluates what it prints
    script = 'eval "$1"; echo $AWS_ENDPOINT_URL $AWS_REGION'
    done = subprocess.run(
        ["/bin/sh", "-c", script, "sh", capsys.readouterr().out],
        env={"PATH": "/usr/bin:/bin", "AWS_PROFILE": "production"},
        capture_output=True,
        text=True,
        check=True,
    )

    # Then it points there
    assert done.stdout == "http://127.0.0.1:4566 us-east-1\n"
