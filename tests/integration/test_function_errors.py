"""However a function fails, the caller gets Lambda's error, and the next request is served."""

import io
import re
import zipfile

import pytest
from botocore.exceptions import ClientError

from tests.integration.deployed import Deploy, tail, with_code, zipped


def test_the_timeout_ends_the_request_and_the_environment(deploy: Deploy) -> None:
    # Given a warm function that may run for three seconds
    function = deploy("probe.py", Timeout=3)
    before = function.invoke()["Payload"]

    # When it takes longer
    answer = function.invoke({"do": "sleep", "seconds": 30}, LogType="Tail")

    # Then Lambda's own words say so, and a new process serves the next request
    request_id = answer["ResponseMetadata"]["RequestId"]
    assert answer["FunctionError"] == "Unhandled"
    assert answer["Payload"] == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": f"RequestId: {request_id} Error: Task timed out after 3.00 seconds",
    }
    assert re.search(
        rf"^\S+Z {request_id} Task timed out after 3.00 seconds\nEND ", tail(answer), re.MULTILINE
    )
    assert "Duration: 3000.00 ms" in tail(answer)
    assert "Status: timeout" in tail(answer)
    assert function.invoke()["Payload"] != before


@pytest.mark.parametrize(("way", "reason"), [("exit", "exit status 3"), ("crash", "signal: ")])
def test_a_crash_is_reported_and_the_next_request_works(
    deploy: Deploy, way: str, reason: str
) -> None:
    # Given a function
    function = deploy("probe.py")

    # When its process ends in the middle of a request
    answer = function.invoke({"do": way})

    # Then Lambda's error says how, and the next request is served
    assert answer["FunctionError"] == "Unhandled"
    assert answer["Payload"]["errorType"] == "Runtime.ExitError"
    assert f"Error: Runtime exited with error: {reason}" in answer["Payload"]["errorMessage"]
    assert "pid" in function.invoke()["Payload"]


def test_what_a_function_prints_cannot_hide_its_failure(deploy: Deploy) -> None:
    # Given a function that prints the emulator's own words, and fails
    forged = "START RequestId: 11111111-1111-1111-1111-111111111111 Version: 9"
    function = with_code(
        deploy, "def handler(event, context):", f"    print({forged!r})", "    raise ValueError"
    )

    # When it is called
    answer = function.invoke()

    # Then its failure is reported, and its line is a line like any other
    request_id = answer["ResponseMetadata"]["RequestId"]
    assert answer["FunctionError"] == "Unhandled"
    assert answer["Payload"]["requestId"] == request_id
    lines = function.logged()
    assert lines[1] == f"START RequestId: {request_id} Version: $LATEST\n"
    assert lines[2] == f"{forged}\n"


@pytest.mark.parametrize("name", ["../outside.py", "/etc/outside.py", "a/../../outside.py"])
def test_a_zip_that_leads_out_of_its_folder_is_refused(deploy: Deploy, name: str) -> None:
    # Given a zip with a name that climbs out
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr(name, "print('outside')")

    # When it is deployed
    with pytest.raises(ClientError) as refusal:
        deploy("probe.py", zip_file=archive.getvalue())

    # Then that is refused
    assert refusal.value.response["Error"]["Code"] == "InvalidParameterValueException"
    assert "leads out of the function's folder" in refusal.value.response["Error"]["Message"]


def test_a_damaged_zip_is_refused(deploy: Deploy) -> None:
    # Given a zip with a byte changed
    damaged = zipped("probe.py").replace(b"def handler", b"def handlex")

    # When it is deployed
    # Then that is refused, with the file's name
    with pytest.raises(ClientError, match=r"'probe\.py' is damaged"):
        deploy("probe.py", zip_file=damaged)
