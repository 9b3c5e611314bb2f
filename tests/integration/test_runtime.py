"""How a function's process starts: wrapper, import paths, and what a zip may hold."""

import io
import stat
import zipfile
from dataclasses import replace

import pytest

from tests.integration.deployed import Deploy, tail, zipped

BOTH_WAYS = True

WRAPPER = '#!/bin/sh\nexport WRAPPED=yes\necho wrapping\nexec "$@"\n'
ANSWER = "def handler(event, context):\n    return {answer}\n"


def zip_of(**files: str) -> bytes:
    """Zip files by their names, with `__` for the dot; all are executable."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        for name, text in files.items():
            member = zipfile.ZipInfo(name.replace("__", "."))
            member.external_attr = (stat.S_IFREG | 0o755) << 16
            content.writestr(member, text)
    return archive.getvalue()


def test_a_wrapper_starts_the_runtime(deploy: Deploy) -> None:
    # Given a function with a wrapper script that sets a variable and prints
    code = zip_of(
        probe__py="import os\n" + ANSWER.format(answer="os.environ['WRAPPED']"), wrap=WRAPPER
    )
    variables = {"AWS_LAMBDA_EXEC_WRAPPER": "./wrap"}
    function = deploy("probe.py", code, Environment={"Variables": variables})

    # When it is called
    answer = function.invoke(LogType="Tail")

    # Then the function has the variable, and what the wrapper printed is in the log
    assert answer["Payload"] == "yes"
    assert "\nwrapping\n" in tail(answer)


@pytest.mark.parametrize(
    ("wrapper", "status", "words"),
    [
        ("/opt/missing", 127, "/opt/missing: does not exist"),
        ("/etc/passwd", 126, "/etc/passwd: is not an executable"),
    ],
)
def test_a_wrapper_that_cannot_run_is_an_exit_status(
    deploy: Deploy, wrapper: str, status: int, words: str
) -> None:
    # Given a function with a wrapper that cannot be executed
    variables = {"AWS_LAMBDA_EXEC_WRAPPER": wrapper}
    function = deploy("probe.py", Environment={"Variables": variables})

    # When it is called
    answer = function.invoke(LogType="Tail")

    # Then the shell's status is the error, and its reason is in the log
    assert answer["Payload"]["errorType"] == "Runtime.ExitError"
    assert f"exit status {status}" in answer["Payload"]["errorMessage"]
    assert words in tail(answer)


def test_pth_files_of_the_zip_are_read(deploy: Deploy) -> None:
    # Given a zip with packages in a folder that a .pth file names
    code = zip_of(
        probe__py="import inner\n" + ANSWER.format(answer="inner.NAME"),
        **{"paths__pth": "packages\n", "packages/inner__py": "NAME = 'found'\n"},
    )

    # When it is called
    # Then it can import them
    assert deploy("probe.py", code).invoke()["Payload"] == "found"


@pytest.mark.parametrize("module", ["logging", "decimal", "json", "http"])
def test_a_zip_may_hold_a_file_named_as_a_module_of_the_runtime_client(
    deploy: Deploy, module: str
) -> None:
    # Given a zip with a file of that name
    code = zip_of(**{"probe__py": ANSWER.format(answer="'answered'"), f"{module}__py": ""})

    # When it is called
    # Then AWS's runtime client has imported its own before
    assert deploy("probe.py", code).invoke()["Payload"] == "answered"


def test_the_interpreter_has_its_builtins(deploy: Deploy) -> None:
    # Given a function that leaves by `exit`, which the `site` module defines
    function = deploy("probe.py", zipped("probe.py", "def handler(event, context):\n    exit(5)\n"))

    # When it is called
    # Then that is its exit status
    assert "exit status 5" in function.invoke()["Payload"]["errorMessage"]


def test_the_session_of_a_one_letter_function_is_lengthened(deploy: Deploy) -> None:
    # Given a function named by one letter
    role = deploy("probe.py")
    functions = role.client("lambda")
    functions.create_function(
        FunctionName="x",
        Runtime="python3.13",
        Role=functions.get_function(FunctionName=role.name)["Configuration"]["Role"],
        Handler="probe.handler",
        Code={"ZipFile": zipped("probe.py")},
        Timeout=20,
    )
    replace(role, name="x").ready()

    # When it asks who it is
    answer = functions.invoke(FunctionName="x", Payload=b'{"do": "identity"}')

    # Then its session has a name that STS takes
    assert answer["Payload"].read().endswith(b'/x@lambda_function"')
    functions.delete_function(FunctionName="x")
    role.client("logs").delete_log_group(logGroupName="/aws/lambda/x")
