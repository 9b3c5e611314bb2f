"""Nothing outlives an execution environment, nor the local AWS: no request under way, no daemon of a function's."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from local_aws.functions.namespaces import PLAIN_VARIABLE
from scripts.project.paths import ROOT
from tests.integration.deployed import Deploy, Deployed, clients_of, deploy, zipped
from tests.integration.test_ride import started
from tests.support.host_processes import host_pid
from tests.support.signal_of_start import SignalOfStart

Server = subprocess.Popen[str]
BOTH_WAYS = True
# A test run that starts a process and is killed.
KILLED_RUN = """
import os, signal
from tests.integration.test_ride import started
print(started("-c", "import time; time.sleep(60)").pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
NEW_CODE = "def handler(event, context):\n    return 'new'\n"


def gone(pid: int) -> bool:
    """Tell whether the process ends, in a time that is long for a kill and short for what it would do."""
    deadline = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    return not Path(f"/proc/{pid}").exists()


@pytest.fixture
def server(tmp_path: Path, way: str) -> Iterator[Server]:
    """Give a local AWS of the test's own, without util-linux's setpriv or any other help from the PATH."""
    plain = {PLAIN_VARIABLE: "1"} if way == "plain" else {}
    process = started("-m", "local_aws", "--port", "0", "--json", PATH=str(tmp_path), **plain)
    yield process
    process.kill()
    process.communicate()


def function_on(server: Server, file: str) -> Deployed:
    """Make a function on the local AWS, that may run for a minute."""
    assert server.stdout is not None
    client = clients_of(json.loads(server.stdout.readline())["endpoint"])
    return deploy(client, file, Timeout=60)


def test_a_daemon_ends_with_its_environment(deploy: Deploy) -> None:
    # Given a function that has left a daemon behind
    function = deploy("daemon.py")
    daemon = host_pid(function.invoke()["Payload"], function.name)
    assert Path(f"/proc/{daemon}").exists()

    # When its environment ends, since there is new code
    function.client("lambda").update_function_code(
        FunctionName=function.name, ZipFile=zipped("daemon.py", NEW_CODE)
    )
    assert function.ready().invoke()["Payload"] == "new"

    # Then the daemon has ended
    assert gone(daemon)


def test_what_a_test_starts_ends_with_a_run_that_is_killed() -> None:
    # Given a test run that started a process and was killed
    run = subprocess.run(
        [sys.executable, "-c", KILLED_RUN], cwd=ROOT, capture_output=True, text=True, check=False
    )

    # Then that process has ended too
    assert gone(int(run.stdout))


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_a_daemon_ends_with_the_local_aws(server: Server, end: signal.Signals) -> None:
    # Given a function that has left a daemon behind
    function = function_on(server, "daemon.py")
    daemon = host_pid(function.invoke()["Payload"], function.name)
    assert Path(f"/proc/{daemon}").exists()

    # When the local AWS is stopped, or killed with no chance to clean up
    server.send_signal(end)
    server.wait(timeout=30)

    # Then the daemon has ended
    assert gone(daemon)


@pytest.mark.parametrize("kind", ["RequestResponse", "Event"])
def test_a_request_under_way_does_not_keep_the_local_aws_from_stopping(
    server: Server, way: str, kind: str
) -> None:
    # Given a request that takes a minute, under way
    function = function_on(server, "probe.py")
    runtime = host_pid(function.invoke()["Payload"]["pid"], function.name)
    begun = SignalOfStart()
    wish = {"do": "sleep", "seconds": 60, "begun": begun.port}

    def call() -> dict[str, Any] | None:
        try:
            return function.invoke(wish, InvocationType=kind)
        except (BotoCoreError, ClientError):
            return None

    with ThreadPoolExecutor(1) as thread, begun:
        under_way = thread.submit(call)
        while not begun.given():
            continue

        # When the local AWS is interrupted
        server.send_signal(signal.SIGINT)
        _, errors = server.communicate(timeout=30)
        answer = under_way.result()

    # Then it ends in order, and so does the function; its caller has Lambda's error, or no answer
    assert server.returncode == 0
    assert ("LOCAL_AWS_PLAIN" in errors) is (way == "plain")
    assert "Traceback" not in errors
    assert gone(runtime)
    assert kind == "Event" or answer is None or answer["FunctionError"] == "Unhandled"
