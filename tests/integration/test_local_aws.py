"""The local AWS runs an uploaded zip as Lambda does: these tests know nothing of unicorns."""

import base64
import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from deployed import Deployed, zipped

Deploy = Callable[..., Deployed]

# "Defined runtime environment variables" of the Lambda guide, for a Python runtime.
DEFINED_BY_LAMBDA = {
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_XRAY_CONTEXT_MISSING",
    "AWS_XRAY_DAEMON_ADDRESS",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
    "LANG",
    "LD_LIBRARY_PATH",
    "PATH",
    "PYTHONPATH",
    "TZ",
}
OF_THIS_EMULATION = {"AWS_ENDPOINT_URL", "HOME"}


def tail(answer: dict[str, Any]) -> str:
    return base64.b64decode(answer["LogResult"]).decode()


def logged(function: Deployed) -> list[str]:
    logs = function.client("logs")
    streams = logs.describe_log_streams(logGroupName=function.log_group)["logStreams"]
    return [
        event["message"]
        for stream in streams
        for event in logs.get_log_events(
            logGroupName=function.log_group, logStreamName=stream["logStreamName"]
        )["events"]
    ]


def test_a_warm_environment_serves_the_next_request(deploy: Deploy) -> None:
    # Given a function that was called once
    function = deploy("probe.py")
    first = function.invoke(LogType="Tail")

    # When it is called again
    second = function.invoke(LogType="Tail")

    # Then the same process answers, and only the first call was a cold start
    assert first["Payload"] == second["Payload"]
    assert "Init Duration" in tail(first)
    assert "Init Duration" not in tail(second)


def test_the_function_sees_lambdas_variables_and_its_own_and_no_others(deploy: Deploy) -> None:
    # Given a function with a variable of its own
    function = deploy("probe.py", Environment={"Variables": {"COLOUR": "golden"}})

    # When it lists its environment
    seen = function.invoke({"do": "environment"})["Payload"]

    # Then there is nothing of the shell that started the local AWS
    assert set(seen) - OF_THIS_EMULATION == DEFINED_BY_LAMBDA | {"COLOUR"}
    assert seen["COLOUR"] == "golden"
    assert seen["TZ"] == ":UTC"


@pytest.mark.parametrize(("name", "there"), [("boto3", True), ("moto", False), ("pytest", False)])
def test_the_function_can_import_what_lambda_has_and_nothing_else(
    deploy: Deploy, name: str, there: bool
) -> None:
    # Given a function
    function = deploy("probe.py")

    # When it looks for a package of the developer's, or of Lambda's runtime
    found = function.invoke({"do": "import", "name": name})["Payload"]

    # Then it finds the runtime's alone
    assert found is there


def test_the_function_runs_with_credentials_of_its_role(deploy: Deploy) -> None:
    # Given a function with a role
    function = deploy("probe.py", Timeout=20)

    # When it asks who it is
    arn = function.invoke({"do": "identity"})["Payload"]

    # Then it is the role, in a session named for the function
    assert arn.endswith(f":assumed-role/{function.name}/{function.name}")


def test_an_exception_is_a_function_error_and_the_environment_lives_on(deploy: Deploy) -> None:
    # Given a warm function
    function = deploy("probe.py")
    before = function.invoke()["Payload"]

    # When its handler raises
    answer = function.invoke({"do": "raise"})

    # Then the caller is told as Lambda tells it
    assert answer["StatusCode"] == 200
    assert answer["FunctionError"] == "Unhandled"
    assert answer["Payload"]["errorType"] == "ValueError"
    assert answer["Payload"]["errorMessage"] == "as you wish"
    assert function.invoke()["Payload"] == before


def test_a_returned_error_message_is_no_function_error(deploy: Deploy) -> None:
    # Given a function that returns what looks like an exception
    function = deploy("probe.py", Environment={"Variables": {"errorType": "x"}})

    # When it answers with it
    answer = function.invoke({"do": "environment"})

    # Then it is an answer
    assert "FunctionError" not in answer


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
def test_a_crash_is_told_and_the_next_request_works(deploy: Deploy, way: str, reason: str) -> None:
    # Given a function
    function = deploy("probe.py")

    # When its process ends in the middle of a request
    answer = function.invoke({"do": way})

    # Then Lambda's error says how, and the next request is served
    assert answer["FunctionError"] == "Unhandled"
    assert answer["Payload"]["errorType"] == "Runtime.ExitError"
    assert f"Error: Runtime exited with error: {reason}" in answer["Payload"]["errorMessage"]
    assert "pid" in function.invoke()["Payload"]


def test_a_handler_that_cannot_be_imported_is_a_function_error(deploy: Deploy) -> None:
    # Given code with an import that fails
    function = deploy("probe.py", Code={"ZipFile": zipped("probe.py", "import not_there")})

    # When it is called
    answer = function.invoke()

    # Then the runtime client's own error comes back
    assert answer["FunctionError"] == "Unhandled"
    assert answer["Payload"]["errorType"] == "Runtime.ImportModuleError"


def test_new_code_and_new_configuration_serve_the_next_request(deploy: Deploy) -> None:
    # Given a warm function
    function = deploy("probe.py")
    function.invoke()

    # When its code, then its configuration, is updated
    new_code = (
        "import os\ndef handler(event, context):\n    return os.environ.get('COLOUR', 'none')\n"
    )
    function.client("lambda").update_function_code(
        FunctionName=function.name, ZipFile=zipped("probe.py", new_code)
    )
    after_code = function.invoke()["Payload"]
    function.client("lambda").update_function_configuration(
        FunctionName=function.name, Environment={"Variables": {"COLOUR": "white"}}
    )
    after_configuration = function.invoke()["Payload"]

    # Then each shows at once
    assert (after_code, after_configuration) == ("none", "white")


def test_text_logs_are_framed_and_filed_as_lambda_does(deploy: Deploy) -> None:
    # Given a function with the plain log format
    function = deploy("probe.py")

    # When it prints, and the caller asks for the tail
    answer = function.invoke({"do": "log", "lines": ["one", "two"]}, LogType="Tail")

    # Then the tail and the log group hold the same lines, between START and END, REPORT last
    request_id = answer["ResponseMetadata"]["RequestId"]
    lines = logged(function)
    assert tail(answer).splitlines() == lines
    assert lines[0] == f"START RequestId: {request_id} Version: $LATEST"
    assert lines[1:3] == ["one", "two"]
    assert lines[-2] == f"END RequestId: {request_id}"
    assert re.fullmatch(
        rf"REPORT RequestId: {request_id}\tDuration: [0-9.]+ ms\tBilled Duration: \d+ ms\t"
        r"Memory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: [0-9.]+ ms",
        lines[-1],
    )


def test_the_log_stream_is_named_as_lambda_names_it(deploy: Deploy) -> None:
    # Given a function
    function = deploy("probe.py")

    # When it tells where it logs
    context = function.invoke({"do": "context"})["Payload"]

    # Then that is where its lines are
    streams = function.client("logs").describe_log_streams(logGroupName=function.log_group)
    assert [stream["logStreamName"] for stream in streams["logStreams"]] == [context["log_stream"]]
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", context["log_stream"])
    assert context["log_group"] == function.log_group


def test_json_logs_hold_platform_events_and_extra_fields(deploy: Deploy) -> None:
    # Given a function with the JSON log format
    function = deploy("probe.py", LoggingConfig={"LogFormat": "JSON", "SystemLogLevel": "DEBUG"})

    # When it logs with a field
    answer = function.invoke({"do": "log", "lines": []})

    # Then every line is JSON, with the request's id, and the figures were measured
    start, warning, done, report = (json.loads(line) for line in logged(function))
    request_id = answer["ResponseMetadata"]["RequestId"]
    assert [start["type"], done["type"], report["type"]] == [
        "platform.start",
        "platform.runtimeDone",
        "platform.report",
    ]
    assert warning["requestId"] == request_id
    assert warning["unicorn"] == "Rocinante"
    metrics = report["record"]["metrics"]
    assert 1 < metrics["initDurationMs"] < metrics["billedDurationMs"]
    assert 1 < metrics["maxMemoryUsedMB"] < 128


@pytest.mark.parametrize(
    ("level", "kept"),
    [("INFO", ["platform.start", "platform.report"]), ("WARN", [])],
)
def test_the_system_log_level_filters_platform_events(
    deploy: Deploy, level: str, kept: list[str]
) -> None:
    # Given a function with a system log level
    function = deploy("probe.py", LoggingConfig={"LogFormat": "JSON", "SystemLogLevel": level})

    # When a request succeeds
    function.invoke()

    # Then what Lambda keeps at that level is kept
    assert [json.loads(line)["type"] for line in logged(function)] == kept


def test_memory_is_measured(deploy: Deploy) -> None:
    # Given a function
    function = deploy("probe.py", MemorySize=512)

    # When it fills 200 MB
    answer = function.invoke({"do": "fill", "megabytes": 200}, LogType="Tail")

    # Then its REPORT says so
    used = re.search(r"Max Memory Used: (\d+) MB", tail(answer))
    assert used is not None
    assert 200 < int(used[1]) < 300


def test_logging_configuration_is_kept(deploy: Deploy) -> None:
    # Given a function with a log group and levels of its choice
    chosen = {
        "LogFormat": "JSON",
        "ApplicationLogLevel": "WARN",
        "SystemLogLevel": "DEBUG",
        "LogGroup": "/elsewhere",
    }
    function = deploy("probe.py", LoggingConfig=chosen)

    # When its configuration is read
    read = function.client("lambda").get_function_configuration(FunctionName=function.name)

    # Then it is all there
    assert read["LoggingConfig"] == chosen


@pytest.mark.parametrize("name", ["../outside.py", "/etc/outside.py", "a/../../outside.py"])
def test_a_zip_that_leads_out_of_its_folder_is_refused(deploy: Deploy, name: str) -> None:
    # Given a zip with a name that climbs out
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr(name, "print('outside')")
    function = deploy("probe.py", Code={"ZipFile": archive.getvalue()})

    # When it is called
    with pytest.raises(ClientError) as refusal:
        function.invoke()

    # Then it is not unpacked
    assert refusal.value.response["Error"]["Code"] == "InvalidZipFileException"


def with_code(deploy: Deploy, *lines: str) -> Deployed:
    return deploy("probe.py", zip_file=zipped("probe.py", "\n".join(lines)))


@pytest.mark.parametrize("end", ["import sys; sys.exit(3)", "import os; os._exit(0)"])
def test_a_function_that_ends_while_it_is_imported_is_a_function_error(
    deploy: Deploy, end: str
) -> None:
    # Given code that ends its process
    function = with_code(deploy, end)

    # When it is called
    answer = function.invoke()

    # Then that is told as any other crash
    assert answer["FunctionError"] == "Unhandled"
    assert answer["Payload"]["errorType"] == "Runtime.ExitError"


def test_what_a_function_prints_cannot_hide_its_failure(deploy: Deploy) -> None:
    # Given a function that prints the emulator's own words, and fails
    forged = "START RequestId: 11111111-1111-1111-1111-111111111111 Version: 9"
    function = with_code(
        deploy, "def handler(event, context):", f"    print({forged!r})", "    raise ValueError"
    )

    # When it is called
    answer = function.invoke()

    # Then its failure is told, and its line is a line like any other
    request_id = answer["ResponseMetadata"]["RequestId"]
    assert answer["FunctionError"] == "Unhandled"
    assert answer["Payload"]["requestId"] == request_id
    lines = logged(function)
    assert lines[0] == f"START RequestId: {request_id} Version: $LATEST"
    assert lines[1] == forged


def test_odd_output_stays_in_its_lines(deploy: Deploy) -> None:
    # Given a function that prints a separator within a line, and no newline at the end
    function = with_code(
        deploy,
        "import os",
        "def handler(event, context):",
        "    print('one\\u2028line')",
        "    os.write(1, b'no newline')",
    )

    # When it is called
    request_id = function.invoke()["ResponseMetadata"]["RequestId"]

    # Then the lines are as they were printed
    assert logged(function)[1:-1] == [
        "one\u2028line",
        "no newline",
        f"END RequestId: {request_id}",
    ]


def test_the_functions_own_variables_win_where_lambda_lets_them(deploy: Deploy) -> None:
    # Given a function with a time zone of its own
    function = deploy("probe.py", Environment={"Variables": {"TZ": "Europe/Paris"}})

    # When it lists its environment
    # Then it has it
    assert function.invoke({"do": "environment"})["Payload"]["TZ"] == "Europe/Paris"


def test_a_damaged_zip_is_refused(deploy: Deploy) -> None:
    # Given a zip with a byte changed
    damaged = zipped("probe.py").replace(b"def handler", b"def handlex")
    function = deploy("probe.py", zip_file=damaged)

    # When it is called
    # Then it is not unpacked
    with pytest.raises(ClientError, match="InvalidZipFileException"):
        function.invoke()
