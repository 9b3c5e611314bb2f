"""The AWS SAM CLI, an independent client, calls a function on the local AWS and reads its log."""

import json
import time
from pathlib import Path

import pytest

from benchmarks import peers
from tests.integration.deployed import Deploy, Deployed
from tests.support.tools import Tool

ARN = "arn:aws:lambda:us-east-1:123456789012:function:"


@pytest.fixture(scope="module")
def sam(endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> Tool:
    """Give the SAM CLI, which reports nothing to anybody, in the environment that `make bench` has for it."""
    peers.prepare("sam")
    more = {"SAM_CLI_TELEMETRY": "0", "PYTHONWARNINGS": "ignore"}
    home = tmp_path_factory.mktemp("terminal")
    return Tool(peers.FOLDER / "sam" / "bin" / "sam", endpoint, home, more)


@pytest.fixture
def function(deploy: Deploy) -> Deployed:
    return deploy("probe.py", Timeout=20).ready()


def event_file(folder: Path, event: object) -> Path:
    path = folder / "event.json"
    path.write_text(json.dumps(event))
    return path


def test_remote_invoke_prints_the_result_and_the_log(
    sam: Tool, function: Deployed, tmp_path: Path
) -> None:
    # Given a function, and an event in a file
    event = event_file(tmp_path, {"do": "log", "lines": ["from the function"]})

    # When it is called
    done = sam(
        *("remote", "invoke", ARN + function.name),
        *("--event-file", event, "--region", "us-east-1"),
    )

    # Then the result is on stdout, and the log on stderr, as Lambda has it
    assert sorted(done.parsed) == ["instance", "pid"]
    assert "START RequestId: " in done.err
    assert "from the function\n" in done.err
    assert "REPORT RequestId: " in done.err


def test_remote_invoke_shows_the_whole_answer_of_a_version(
    sam: Tool, function: Deployed, tmp_path: Path
) -> None:
    # Given a version
    function.client("lambda").publish_version(FunctionName=function.name)
    event = event_file(tmp_path, {"do": "raise"})

    # When it is called, and all of the answer is asked for
    done = sam(
        *("remote", "invoke", ARN + function.name, "--event-file", event),
        *("--output", "json", "--parameter", "Qualifier=1", "--region", "us-east-1"),
    )

    # Then it has Lambda's members, and the function's error
    answer = done.parsed
    assert (answer["StatusCode"], answer["ExecutedVersion"]) == (200, "1")
    assert answer["FunctionError"] == "Unhandled"
    assert json.loads(answer["Payload"])["errorMessage"] == "as you wish"


def test_logs_follow_an_asynchronous_call(sam: Tool, function: Deployed, tmp_path: Path) -> None:
    # Given an event that was accepted
    event = event_file(tmp_path, {"do": "log", "lines": ["later"]})
    done = sam(
        *("remote", "invoke", ARN + function.name, "--event-file", event),
        *("--output", "json", "--parameter", "InvocationType=Event", "--region", "us-east-1"),
    )
    assert done.parsed["StatusCode"] == 202
    while not any(line.startswith("REPORT") for line in function.logged()):
        time.sleep(0.05)

    # When its log is read
    read = sam("logs", "--cw-log-group", function.log_group, "--region", "us-east-1")

    # Then the lines are those of the function
    assert read.status == 0, read.err
    assert "later" in read.out
    assert "REPORT RequestId: " in read.out


def test_what_does_not_exist_is_an_error(sam: Tool, function: Deployed) -> None:
    # Given no function of a name
    # When it is called
    done = sam("remote", "invoke", f"{ARN}nobody", "--event", "{}", "--region", "us-east-1")

    # Then the command fails in Lambda's words
    assert done.status == 1
    assert f"Function not found: {ARN}nobody" in done.err
