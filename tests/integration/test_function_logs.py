"""What a function prints is framed, filtered and filed as Lambda does."""

import json
import re

import pytest

from tests.integration.deployed import Deploy, tail, with_code


def test_text_logs_are_framed_and_filed_as_lambda_does(deploy: Deploy) -> None:
    # Given a function with the plain log format
    function = deploy("probe.py")

    # When it prints, and the caller asks for the tail
    answer = function.invoke({"do": "log", "lines": ["one", "two"]}, LogType="Tail")

    # Then the tail and the log group hold the same lines, between START and END, REPORT last
    request_id = answer["ResponseMetadata"]["RequestId"]
    lines = function.logged()
    assert tail(answer).splitlines() == lines
    assert lines[0] == f"START RequestId: {request_id} Version: $LATEST"
    assert lines[1:3] == ["one", "two"]
    assert lines[-2] == f"END RequestId: {request_id}"
    assert re.fullmatch(
        rf"REPORT RequestId: {request_id}\tDuration: [0-9.]+ ms\tBilled Duration: \d+ ms\t"
        r"Memory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: [0-9.]+ ms",
        lines[-1],
    )


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
    assert function.logged()[1:-1] == [
        "one\u2028line",
        "no newline",
        f"END RequestId: {request_id}",
    ]


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
    start, warning, done, report = (json.loads(line) for line in function.logged())
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
    assert [json.loads(line)["type"] for line in function.logged()] == kept


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
