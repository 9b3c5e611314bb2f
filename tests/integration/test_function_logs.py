"""What a function prints is framed, filtered and filed as Lambda does."""

import json
import re

from tests.integration.deployed import Deploy, tail, with_code


def test_text_logs_are_framed_and_filed_as_lambda_does(deploy: Deploy) -> None:
    # Given a function with the plain log format
    function = deploy("probe.py")

    # When it prints, and the caller asks for the tail
    answer = function.invoke({"do": "log", "lines": ["one", "two"]}, LogType="Tail")

    # Then the tail and the log group hold the same lines, INIT_START first, between START and END, REPORT last
    request_id = answer["ResponseMetadata"]["RequestId"]
    lines = function.logged()
    assert tail(answer) == "".join(lines)
    assert re.fullmatch(
        r"INIT_START Runtime Version: python:3\.13\.v\d+\t"
        r"Runtime Version ARN: arn:aws:lambda:us-east-1::runtime:[0-9a-f]{64}\n",
        lines[0],
    )
    assert lines[1] == f"START RequestId: {request_id} Version: $LATEST\n"
    assert lines[2:4] == ["one\n", "two\n"]
    assert lines[-2] == f"END RequestId: {request_id}\n"
    assert re.fullmatch(
        rf"REPORT RequestId: {request_id}\tDuration: [0-9.]+ ms\tBilled Duration: \d+ ms\t"
        r"Memory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: [0-9.]+ ms\t\n",
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
    function.invoke()

    # Then the lines are as they were printed
    assert function.logged()[2:-2] == ["one\u2028line\n", "no newline"]


def test_the_log_stream_is_named_as_lambda_names_it(deploy: Deploy) -> None:
    # Given a function
    function = deploy("probe.py")

    # When it reports where it logs
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
    init, start, warning, done, report = (json.loads(line) for line in function.logged())
    request_id = answer["ResponseMetadata"]["RequestId"]
    assert [event["type"] for event in (init, start, done, report)] == [
        "platform.initStart",
        "platform.start",
        "platform.runtimeDone",
        "platform.report",
    ]
    assert warning["requestId"] == request_id
    assert warning["unicorn"] == "Rocinante"
    metrics = report["record"]["metrics"]
    assert 1 < metrics["initDurationMs"] < metrics["billedDurationMs"]
    assert 1 < metrics["maxMemoryUsedMB"] < 128


def test_a_record_of_several_lines_is_one_event(deploy: Deploy) -> None:
    # Given a function that logs two lines at once, prints between, and raises
    function = with_code(
        deploy,
        "import logging",
        "def handler(event, context):",
        "    logging.getLogger().error('first\\nsecond')",
        "    print('between')",
        "    raise ValueError('third')",
    )

    # When it is called
    function.invoke()

    # Then each record is one event, in the order in which they were made
    record, between, error = function.logged()[2:-2]
    assert re.fullmatch(r"\[ERROR\]\t\S+Z\t\S{36}\tfirst\nsecond\n", record)
    assert between == "between\n"
    assert error.startswith("[ERROR] ValueError: third\nTraceback (most recent call last):\n")
    assert "line 5, in handler\n" in error


def test_each_line_has_the_time_at_which_it_was_printed(deploy: Deploy) -> None:
    # Given a function that waits between two lines
    function = with_code(
        deploy,
        "import time",
        "print('init')",
        "time.sleep(0.2)",
        "def handler(event, context):",
        "    print('one')",
        "    time.sleep(0.5)",
        "    print('two')",
    )

    # When it is called
    function.invoke()

    # Then the lines lie as far apart in the log
    events = function.events()
    assert [event["message"].split()[0] for event in events] == [
        *("INIT_START", "init", "START", "one", "two", "END", "REPORT")
    ]
    times = {event["message"].split()[0]: event["timestamp"] for event in events}
    assert times["START"] - times["init"] >= 150
    assert times["two"] - times["one"] >= 450
    assert list(times.values()) == sorted(times.values())


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
