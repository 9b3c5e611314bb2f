"""Whatever is killed, filled up or interrupted: the caller gets an error, and the next request works."""

import os
import select
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from local_aws.processes.work_folder import make_work_folder
from scripts.project.paths import LOCAL, ROOT
from scripts.terraform.local_stack import LocalStack
from tests.integration.deployed import Deploy, Deployed
from tests.integration.test_ride import gone, started
from tests.support.host_processes import host_pid, parent_of
from tests.support.signal_of_start import SignalOfStart

BOTH_WAYS = True


def kill(victim: str, function: Deployed, answer: dict[str, Any]) -> None:
    """Kill a function's runtime, which answered, or the emulator that started it; return once it has ended."""
    runtime = host_pid(answer["pid"], function.name)
    process = runtime if victim == "runtime" else parent_of(runtime)
    ended = os.pidfd_open(process)
    os.kill(process, signal.SIGKILL)
    select.select([ended], [], [], 10)
    os.close(ended)


@pytest.mark.parametrize("victim", ["runtime", "emulator"])
def test_a_kill_in_the_middle_of_a_request_is_reported_and_the_next_request_works(
    deploy: Deploy, victim: str
) -> None:
    # Given a request under way
    function = deploy("probe.py", Timeout=30)
    before = function.invoke()["Payload"]
    with ThreadPoolExecutor(1) as thread, SignalOfStart() as begun:
        wish = {"do": "sleep", "seconds": 30, "begun": begun.port}
        under_way = thread.submit(function.invoke, wish)
        while not begun.given():
            continue

        # When its process is killed
        kill(victim, function, before)
        answer = under_way.result(timeout=20)

    # Then the caller has Lambda's own error, and the next request is served
    request_id = answer["ResponseMetadata"]["RequestId"]
    assert answer["FunctionError"] == "Unhandled"
    assert answer["Payload"] == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {request_id} Error: Runtime exited with error: signal: killed",
    }
    assert function.invoke()["Payload"]["instance"] != before["instance"]


@pytest.mark.parametrize("victim", ["runtime", "emulator"])
def test_an_environment_that_was_killed_while_idle_serves_no_request(
    deploy: Deploy, victim: str
) -> None:
    # Given an idle environment, of which a process was killed
    function = deploy("probe.py")
    before = function.invoke()["Payload"]
    kill(victim, function, before)

    # When the next request comes
    answer = function.invoke()

    # Then another environment serves it
    assert "FunctionError" not in answer
    assert answer["Payload"]["instance"] != before["instance"]


@pytest.mark.parametrize("moment", ["Start the local AWS", "terraform init"])
def test_a_killed_ride_leaves_no_process_and_nothing_the_next_one_trips_on(
    tmp_path: Path, moment: str
) -> None:
    # Given a ride that has just passed a step
    ride = started("scripts/ride.py", MARK=str(tmp_path))
    assert ride.stderr is not None
    assert any(moment in line for line in iter(ride.stderr.readline, ""))
    time.sleep(0.5)

    # When it is killed, with no chance to clean up
    ride.kill()
    ride.communicate(timeout=30)

    # Then nothing of it runs on, and the next run removes its folder
    assert gone(str(tmp_path), within=30)
    assert gone(f"ride-{ride.pid}-", within=30)
    assert list(LOCAL.glob(f"ride-{ride.pid}-*"))
    shutil.rmtree(make_work_folder(LOCAL, "ride"))
    assert not list(LOCAL.glob(f"ride-{ride.pid}-*"))


def test_an_interrupted_apply_is_finished_by_the_next(
    endpoint: str, isolated: None, tmp_path: Path
) -> None:
    # Given an apply in a process of its own, with the table made and the function still to come
    names = {
        name: f"Interrupted{name[:4]}" for name in ("function_name", "table_name", "role_name")
    }
    stack = LocalStack(tmp_path / "stack")
    stack.init()
    apply = subprocess.Popen(
        ["terraform", "apply", "-auto-approve", *(f"-var={k}={v}" for k, v in names.items())],  # noqa: S607 - on PATH
        cwd=stack.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert apply.stdout is not None
    while "aws_dynamodb_table.this: Creation complete" not in apply.stdout.readline():
        assert apply.poll() is None

    # When it is interrupted
    apply.send_signal(signal.SIGINT)
    apply.communicate(timeout=60)
    assert apply.returncode != 0

    # Then the next one finishes it
    stack.apply(**names)
    assert stack.plan_is_empty(**names)
    stack.destroy(**names)


def in_own_mounts(mount: str, *command: str) -> "subprocess.CompletedProcess[str]":
    """Run the command with a mount that only it sees; skip the test where that is not allowed."""
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rm", "true"], check=False).returncode != 0:
        pytest.skip("this machine allows no mount namespaces")
    shell = ["/bin/sh", "-c", f'{mount} && exec "$@"', "sh", *command]
    return subprocess.run(
        [unshare, "-rm", *shell], capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize(
    ("mount", "words"),
    [
        (f"mount --bind {ROOT} {ROOT} && mount -o remount,bind,ro {ROOT}", "Read-only file system"),
        (f"mkdir -p {ROOT}/build && mount -t tmpfs -o size=4k tmpfs {ROOT}/build", "No space left"),
        (f"mkdir -p {LOCAL} && mount -t tmpfs -o size=12k tmpfs {LOCAL}", "o space left on device"),
    ],
    ids=["read-only checkout", "no room for the zip", "no room for the state"],
)
def test_a_disk_that_cannot_be_written_is_a_clear_error(mount: str, words: str) -> None:
    # Given a checkout that is read-only, or on a full disk
    # When a ride is taken
    ride = in_own_mounts(mount, sys.executable, str(ROOT / "scripts" / "ride.py"))

    # Then the error says so
    assert ride.returncode == 1
    assert words in ride.stderr
    assert "Traceback" not in ride.stderr
