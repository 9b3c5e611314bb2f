"""invoke.py in a person's environment: with a proxy, a region, another folder, and interrupted."""

import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts import invoke
from scripts.calling.invocation import connect
from scripts.project.paths import ROOT
from tests.support.made_up_function import Executor

Capture = pytest.CaptureFixture[str]


def test_a_loopback_endpoint_is_not_sought_through_a_proxy(
    aws: Executor, monkeypatch: pytest.MonkeyPatch, closed_port: int
) -> None:
    # Given a proxy for everything, which would not find this machine's loopback
    for variable in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(variable, raising=False)
    for variable in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(variable, f"http://127.0.0.1:{closed_port}")

    # When the function is invoked

    # Then it answers
    assert invoke.main([]) == 0


def test_aws_region_alone_is_enough(aws: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given the region in the one variable that Terraform and the other SDKs read
    monkeypatch.delenv("AWS_DEFAULT_REGION")

    # When the function is invoked

    # Then it is found
    assert invoke.main([]) == 0


def test_the_client_waits_longer_than_any_function_may_run() -> None:
    # Given Lambda's longest timeout, in seconds
    longest = 900

    # When the clients are made
    functions, _ = connect()

    # Then they wait longer
    config: Any = functions.meta.config  # its type leaves out what a Config is made from
    assert config.read_timeout > longest


@pytest.mark.parametrize(("end", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_call_ends_silently(
    monkeypatch: pytest.MonkeyPatch, end: signal.Signals, status: int
) -> None:
    # Given a call that is not answered
    with socket.create_server(("127.0.0.1", 0)) as aws:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{aws.getsockname()[1]}")
        call = subprocess.Popen(
            [sys.executable, invoke.__file__], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        connection, _ = aws.accept()

        # When it is ended
        with connection:
            call.send_signal(end)
            shown = call.communicate(timeout=60)

    # Then the exit status says how, and nothing is printed
    assert call.returncode == status
    assert shown == (b"", b"")


def test_standard_input_that_is_closed_holds_no_event() -> None:
    # Given a shell that closes standard input
    command = ["/bin/sh", "-c", 'exec "$@" <&-', "sh", sys.executable, invoke.__file__, "-"]

    # When the event is read from it
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)

    # Then that is bad use
    assert done.returncode == 2
    assert "error: the event - cannot be sent" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_runs_as_a_command_from_any_folder(aws: Executor, tmp_path: Path) -> None:
    # Given a person in another folder

    # When they run the script into a pipe
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts/invoke.py")],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    # Then they see the ride, and no colour
    assert (done.returncode, done.stderr) == (0, "")
    assert "Recorded item" in done.stdout
    assert "\x1b" not in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_without_the_projects_packages_it_says_where_they_are() -> None:
    # Given a Python without the project's packages
    command = [sys.executable, "-S", str(ROOT / "scripts/invoke.py")]

    # When the script is run by it
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)

    # Then it names the Python to use
    assert done.returncode == 1
    assert done.stderr.startswith("invoke.py needs the packages in .venv: ")
    assert len(done.stderr.splitlines()) == 1


def test_help_shows_examples(capsys: Capture) -> None:
    # Given a person who has never used it

    # When they ask for help
    with pytest.raises(SystemExit) as exited:
        invoke.main(["--help"])

    # Then they see how
    assert exited.value.code == 0
    assert "invoke.py --rider zoe --lat 64.1 --lon -21.9" in capsys.readouterr().out
