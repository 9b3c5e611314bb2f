"""`make ride` and `make local`, as a person starts and ends them."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from itertools import dropwhile, takewhile
from pathlib import Path

import pytest

from local_aws.processes.linux import die_with_parent
from scripts.project.paths import LOCAL, ROOT
from tests.integration.deployed import clients_of, deploy

# A real deployment's settings, none of which may reach a local run.
DEVELOPERS_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "real",
    "AWS_SECRET_ACCESS_KEY": "real",
    "AWS_PROFILE": "production",
    "AWS_ENDPOINT_URL": "https://example.invalid",
    "AWS_ENDPOINT_URL_DYNAMODB": "https://example.invalid",
    "TF_CLI_ARGS": "-no-such-flag",
    "TF_CLI_CONFIG_FILE": "/nowhere/terraformrc",
    "TF_DATA_DIR": "/nowhere/data",
    "TF_WORKSPACE": "production",
}


def started(*arguments: str, **environment: str) -> "subprocess.Popen[str]":
    """Start Python with these arguments in the checkout; it ends with this test run at the latest."""
    return subprocess.Popen(
        [*die_with_parent("TERM"), sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def processes_with(text: str) -> list[int]:
    """Return the processes whose environment, command line or working folder holds `text`."""
    pids = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            seen = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
            seen += bytes((process / "cwd").readlink())
        except OSError:
            continue
        if text.encode() in seen:
            pids.append(int(process.name))
    return pids


def program(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text().strip()


def gone(text: str, within: float = 10) -> bool:
    deadline = time.monotonic() + within
    while processes_with(text) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not processes_with(text)


def test_a_ride_shows_everything_and_leaves_nothing(tmp_path: Path) -> None:
    # Given a developer's shell that is set up for a real deployment
    before = {path.name for path in ROOT.iterdir()}
    shell = {**DEVELOPERS_ENVIRONMENT, "MARK": str(tmp_path)}

    # When they take a ride
    ride = started("scripts/ride.py", **shell)
    out, err = ride.communicate(timeout=120)

    # Then the answer, the log, the item and the proof are shown
    assert ride.returncode == 0, err
    assert "answered 201" in out
    assert '"RideId"' in out
    assert "platform.report" in out
    assert re.search(r"Same zip on disk.*SHA-256 [A-Za-z0-9+/]{43}=", out)
    assert "✓ terraform apply (" in err

    # And the ride itself is in a chart: one invocation, and how long it took
    charts = out[out.index("Same zip on disk") :]
    assert re.search(r"Invocations +Duration \(ms\)\n +┌─+┐ +┌─+┐\n", charts)
    assert re.search(r"^Invocations sum 1 +o minimum last", charts, re.MULTILINE)

    # And nothing of it is left: no process, no file, no state
    assert gone(str(tmp_path))
    assert gone(f"ride-{ride.pid}-")  # Terraform does not get to see MARK
    assert list(LOCAL.glob(f"ride-{ride.pid}-*")) == []
    after = {path.name for path in ROOT.iterdir()}
    assert after - before <= {"build", ".local"}


def test_an_interrupted_ride_stops_what_it_started(tmp_path: Path) -> None:
    # Given a ride on its way
    ride = started("scripts/ride.py", MARK=str(tmp_path))
    assert ride.stderr is not None
    while "Start the local AWS" not in ride.stderr.readline():
        pass

    # When it is interrupted as Ctrl-C does
    os.killpg(ride.pid, signal.SIGINT)
    _, err = ride.communicate(timeout=60)

    # Then it ends without a traceback, and so does all it had started
    assert ride.returncode == 130
    assert "Traceback" not in err
    assert gone(str(tmp_path))
    assert gone(f"ride-{ride.pid}-")
    assert list(LOCAL.glob(f"ride-{ride.pid}-*")) == []


def test_a_terminated_ride_waits_for_its_terraform(tmp_path: Path) -> None:
    # Given a ride whose Terraform is at work
    ride = started("scripts/ride.py", MARK=str(tmp_path))
    while not (locks := list(LOCAL.glob(f"ride-{ride.pid}-*/.terraform.tfstate.lock.info"))):
        assert ride.poll() is None
        time.sleep(0.02)
    (terraform,) = (
        pid for pid in processes_with(str(locks[0].parent)) if program(pid) == "terraform"
    )

    # When it alone gets SIGTERM, as from a service manager
    ride.send_signal(signal.SIGTERM)
    _, err = ride.communicate(timeout=60)

    # Then its Terraform ended first, and nothing is left
    assert ride.returncode == 143
    assert "Traceback" not in err
    assert not Path(f"/proc/{terraform}").exists()
    assert gone(f"ride-{ride.pid}-")
    assert list(LOCAL.glob(f"ride-{ride.pid}-*")) == []


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_local_aws_leaves_no_process_behind(tmp_path: Path, end: signal.Signals) -> None:
    # Given a local AWS with a warm execution environment
    local = started("-m", "local_aws", "--port", "0", "--json", MARK=str(tmp_path))
    assert local.stdout is not None
    endpoint = json.loads(local.stdout.readline())["endpoint"]
    function = deploy(clients_of(endpoint), "probe.py")
    function.invoke()
    assert processes_with(endpoint)

    # When it is ended, in order or not
    local.send_signal(end)
    local.communicate(timeout=30)

    # Then nothing of it runs on
    assert local.returncode == (0 if end is not signal.SIGKILL else -signal.SIGKILL)
    assert gone(endpoint)


def test_what_make_runs_ends_with_a_make_that_is_killed(tmp_path: Path) -> None:
    # Given a local AWS that make runs
    make = subprocess.Popen(
        [*die_with_parent("TERM"), "make", "local", "ARGS=--port 0 --json"],
        cwd=ROOT,
        env={**os.environ, "MARK": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert make.stdout is not None
    assert "endpoint" in make.stdout.readline()

    # When make is killed
    make.kill()
    make.wait()
    make.stdout.close()

    # Then the local AWS has ended
    assert gone(str(tmp_path))


def test_the_local_aws_prints_lines_that_point_a_shell_at_it(tmp_path: Path) -> None:
    # Given a local AWS in one shell
    local = started("-m", "local_aws", "--port", "0")
    assert local.stdout is not None
    from_the_first_export = dropwhile(lambda line: not line.startswith("  "), local.stdout)
    exports = list(takewhile(lambda line: line.startswith("  "), from_the_first_export))

    # When its lines are run in another that was set up for AWS
    shell = subprocess.run(
        ["/bin/sh", "-c", "".join(exports) + "env"],
        env={**os.environ, "AWS_PROFILE": "production", "AWS_SESSION_TOKEN": "real"},
        capture_output=True,
        text=True,
        check=True,
    )
    local.send_signal(signal.SIGINT)
    local.communicate(timeout=30)

    # Then that shell points at the local AWS and has nothing left of the other
    assert re.search(r"^AWS_ENDPOINT_URL=http://127\.0\.0\.1:\d+$", shell.stdout, re.MULTILINE)
    assert "AWS_PROFILE" not in shell.stdout
    assert "AWS_SESSION_TOKEN" not in shell.stdout


def test_a_busy_port_is_a_clear_error() -> None:
    # Given a port that somebody has
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        # When the local AWS is started on it
        local = started("-m", "local_aws", "--port", str(port))
        out, err = local.communicate(timeout=60)

    # Then it says so and how to choose another
    assert local.returncode == 1
    assert f"cannot use port {port} on 127.0.0.1" in err
    assert "--port" in err
    assert "Traceback" not in err
    assert out == ""
