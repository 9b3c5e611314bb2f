"""scripts/dev.py as a person uses it, on a copy of the checkout, for its files are edited."""

import base64
import hashlib
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local_aws.processes.linux import die_with_parent
from scripts.project.paths import TUTORIAL_EVENT
from scripts.session.isolation import local_environment
from tests.integration.deployed import clients_of
from tests.integration.test_ride import DEVELOPERS_ENVIRONMENT, gone
from tests.support.checkout import copy_checkout
from tests.support.wheels import make_wheel

NO_PYTHON = r"""  File "function/dispatch\.py", line \d+
    EARTH RADIUS = .*
          \^+
SyntaxError: invalid syntax"""
# So long a test waits for a line before it fails, on a busy machine too.
PATIENCE_S = 90


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


class Session:
    """A scripts/dev.py that runs in a checkout of its own."""

    def __init__(self, checkout: Path, *arguments: str, **variables: str) -> None:
        self.checkout = checkout
        self.function = checkout / "function"
        self._output = checkout.parent / "output"
        self._read = 0
        with self._output.open("w") as output:
            self.process = subprocess.Popen(
                [*die_with_parent("TERM"), ".venv/bin/python", "scripts/dev.py", *arguments],
                cwd=checkout,
                env={**os.environ, **DEVELOPERS_ENVIRONMENT, **variables},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_for(self, pattern: str) -> "re.Match[str]":
        """Wait until what it prints, after the last match, matches."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            ended = self.process.poll() is not None
            match = re.compile(pattern, re.MULTILINE).search(self._output.read_text(), self._read)
            if match:
                self._read = match.end()
                return match
            assert not ended, self._output.read_text()
            time.sleep(0.02)
        raise AssertionError(f"nothing matches {pattern}:\n{self._output.read_text()}")

    def wait_until_live(self) -> None:
        """Wait for the first line about code; its own announcement comes before that."""
        self.endpoint = self.wait_for(r"export AWS_ENDPOINT_URL=(\S+)")[1]
        self._plan_command = shlex.split(self.wait_for(r"`(terraform [^`]+)`")[1])
        self.wait_for("is live")

    def end(self, how: signal.Signals = signal.SIGINT) -> str:
        """End it, as Ctrl-C does, if it still runs; returns what it printed since the last match."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, how)
        self.process.wait(timeout=60)
        return self._output.read_text()[self._read :]

    def edit(self, name: str, old: str, new: str) -> None:
        edit(self.function / name, old, new)

    def answer(self) -> dict[str, Any]:
        response = clients_of(self.endpoint)("lambda").invoke(
            FunctionName="RequestUnicorn", Payload=TUTORIAL_EVENT.read_bytes()
        )
        body: dict[str, Any] = json.loads(json.load(response["Payload"])["body"])
        return body

    def code_in_lambda(self) -> str:
        functions = clients_of(self.endpoint)("lambda")
        configuration = functions.get_function_configuration(FunctionName="RequestUnicorn")
        return str(configuration["CodeSha256"])

    def code_on_disk(self) -> str:
        archive = self.checkout / "build" / "function.zip"
        return base64.b64encode(hashlib.sha256(archive.read_bytes()).digest()).decode()

    def terraform(self, verb: str, *options: str) -> "subprocess.CompletedProcess[str]":
        """Run another verb than `plan` in place of it, as another shell would."""
        *command, _ = self._plan_command
        return subprocess.run(
            [*command, verb, "-no-color", "-input=false", *options],
            cwd=self.checkout,
            env=local_environment(self.endpoint, os.environ),
            capture_output=True,
            text=True,
            check=False,
        )


Start = Callable[..., Session]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Give a copy of what dev.py needs of this checkout."""
    return copy_checkout(tmp_path / "checkout")


@pytest.fixture
def start(checkout: Path) -> Iterator[Start]:
    """Give a maker of sessions, which end with the test."""
    sessions: list[Session] = []

    def start_and_note(*arguments: str, **variables: str) -> Session:
        sessions.append(Session(checkout, *arguments, **variables))
        return sessions[-1]

    yield start_and_note
    for session in sessions:
        session.end()


def leftovers(checkout: Path) -> list[str]:
    kept = {"providers", "initialised"}  # for the next session
    return [path.name for path in (checkout / ".local").iterdir() if path.name not in kept]


def test_a_session_from_the_first_save_to_ctrl_c(start: Start) -> None:
    # Given a session that sends the tutorial's event
    session = start("--port", "0", "--ride")
    session.wait_until_live()
    session.wait_for("Recorded item")

    # When a file is saved
    session.edit("dispatch.py", '"30 seconds"', '"7 seconds"')

    # Then it is named, with the code's hash, and answers
    sha256 = session.wait_for(r"^✓ dispatch\.py: (\S{8}) is live after \d+ ms$")[1]
    assert session.answer()["Eta"] == "7 seconds"
    assert session.code_in_lambda().startswith(sha256)

    # And what is new in the answer is shown
    session.wait_for('^  - Eta: "30 seconds"$')
    session.wait_for(r'^  \+ Eta: "7 seconds"$')

    # When Terraform applies in another shell, in the folder that is named for that
    live = session.code_in_lambda()
    applied = session.terraform("apply", "-auto-approve")

    # Then its plan was to update the function to the code that ran already, and nothing else
    assert applied.returncode == 0, applied.stderr
    assert "aws_lambda_function.this will be updated in-place" in applied.stdout
    assert f'-> "{live}"' in applied.stdout
    assert "0 to add, 1 to change, 0 to destroy" in applied.stdout
    assert session.code_in_lambda() == session.code_on_disk() == live

    # And its next plan is empty
    assert session.terraform("plan", "-detailed-exitcode").returncode == 0

    # When several files are saved at once, and an editor's own with them
    session.process.send_signal(signal.SIGSTOP)  # it looks away for as long as that takes
    (session.function / ".dispatch.py.swp").write_text("an editor's")
    (session.function / "dispatch.py~").write_text("an editor's")
    (session.function / "refusal.py").rename(session.function / "reply.py")
    for name in ("record.py", "request.py", "request_unicorn.py"):
        session.edit(name, "from refusal import", "from reply import")
    session.process.send_signal(signal.SIGCONT)

    # Then they are one update, of what is in the zip
    files = session.wait_for(r"^✓ (.*): \S{8} is live")[1]
    assert files == "record.py -refusal.py +reply.py request.py request_unicorn.py"
    assert session.answer()["Eta"] == "7 seconds"

    # When a file is saved that does not compile
    session.edit("dispatch.py", "EARTH_RADIUS = ", "EARTH RADIUS = ")

    # Then the place is shown, and the previous code still answers
    session.wait_for(f"^✗ not deployed; the previous code still answers:\n{NO_PYTHON}")
    assert session.answer()["Eta"] == "7 seconds"
    assert session.code_on_disk() == session.code_in_lambda()

    # When Ctrl-C is pressed
    rest = session.end()

    # Then it ends as if it was asked to, and nothing of it is left
    assert rest == "\n\nStopping.\n"
    assert session.process.returncode == 0
    assert gone(str(session.checkout))
    assert leftovers(session.checkout) == []


@pytest.mark.parametrize(("how", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_start_stops_what_it_started(
    start: Start, how: signal.Signals, status: int
) -> None:
    # Given a session on its way
    session = start("--port", "0")
    session.wait_for("Start the local AWS")

    # When it is interrupted
    rest = session.end(how)

    # Then it says so, without a traceback, and nothing of it is left
    assert "dev: interrupted; everything it started was stopped.\n" in rest
    assert "Traceback" not in rest
    assert session.process.returncode == status
    assert gone(str(session.checkout))
    assert leftovers(session.checkout) == []


def test_code_that_does_not_compile_is_not_deployed_in_the_first_place(
    checkout: Path, start: Start
) -> None:
    # Given code that does not compile
    edit(checkout / "function" / "dispatch.py", "EARTH_RADIUS = ", "EARTH RADIUS = ")

    # When a session is started
    session = start("--port", "0")
    session.process.wait(PATIENCE_S)

    # Then it ends at once and shows the place
    session.wait_for(f"^dev: function/ does not compile:\n{NO_PYTHON}")
    assert session.process.returncode == 1


def test_a_busy_port_is_a_clear_error(start: Start) -> None:
    # Given a port that somebody has
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        # When a session is started on it
        session = start("--port", str(port))
        session.process.wait(PATIENCE_S)

    # Then it says so and how to choose another
    error = session.wait_for(r"^dev: (.*\n.*)$")[1]
    assert session.process.returncode == 1
    assert f"cannot use port {port} on 127.0.0.1" in error
    assert "--port" in error


def test_a_private_package_is_fetched_from_where_pip_is_configured_to_look_and_once(
    start: Start, tmp_path: Path
) -> None:
    # Given a session whose pip looks in one folder alone
    (tmp_path / "wheels").mkdir()
    make_wheel(tmp_path / "wheels", "saddle", files={"saddle.py": "ETA = '3 seconds'\n"})
    session = start("--port", "0", PIP_NO_INDEX="1", PIP_FIND_LINKS=str(tmp_path / "wheels"))
    session.wait_until_live()

    # When a package is asked for, and then used
    (session.function / "requirements.txt").write_text("saddle\n")
    session.wait_for("Fetch wheels")
    session.wait_for(r"\+saddle\.py.* is live")
    session.edit("dispatch.py", "import secrets\n", "import saddle\nimport secrets\n")
    session.edit("dispatch.py", '"30 seconds"', "saddle.ETA")

    # Then it is live, without being fetched again
    session.wait_for("dispatch.py: .* is live")
    assert session.answer()["Eta"] == "3 seconds"
    assert "Fetch wheels" not in session.end()
