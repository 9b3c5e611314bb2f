"""The init of an environment: its limit, and the second attempt that Lambda makes in the invocation."""

import re

import pytest

from tests.integration.deployed import Deploy, with_code


def test_a_slow_init_does_not_count_towards_the_timeout(deploy: Deploy) -> None:
    # Given a function whose import takes longer than it may run
    function = with_code(
        deploy,
        "import time",
        "time.sleep(1.5)",
        "def handler(event, context):",
        "    return context.get_remaining_time_in_millis()",
        Timeout=1,
    )

    # When it is called
    answer = function.invoke()

    # Then it answers, and has all its time
    assert "FunctionError" not in answer
    assert 0 < answer["Payload"] <= 1000
    [report] = [line for line in function.logged() if line.startswith("REPORT")]
    assert "Init Duration" in report


def test_a_timeout_counts_from_the_end_of_the_init(deploy: Deploy) -> None:
    # Given a function whose import and handler both take longer than it may run
    function = with_code(
        deploy,
        "import time",
        "time.sleep(1.5)",
        "def handler(event, context): time.sleep(30)",
        Timeout=1,
    )

    # When it is called
    answer = function.invoke()

    # Then it has timed out, after its time
    assert "Task timed out after 1.00 seconds" in answer["Payload"]["errorMessage"]
    assert any("Duration: 1000.00 ms" in line for line in function.logged())


@pytest.mark.parametrize(
    ("code", "error_type"),
    [
        ("import not_there", "Runtime.ImportModuleError"),
        ("raise ValueError('no')", "Runtime.Unknown"),
        ("import sys; sys.exit(3)", "Runtime.ExitError"),
    ],
)
def test_an_init_that_fails_is_tried_again_in_the_invocation(
    deploy: Deploy, code: str, error_type: str
) -> None:
    # Given a function whose import fails
    function = with_code(deploy, "print('begun')", code)

    # When it is called
    assert function.invoke()["FunctionError"] == "Unhandled"

    # Then there were two attempts, each with its report, before the request began
    heads = [re.sub(r"\d+\.\d+", "N", line.rstrip()) for line in function.logged()]
    failed = f"Status: error\tError Type: {error_type}"
    attempts = [head for head in heads if head.startswith(("begun", "INIT_REPORT", "START"))]
    assert attempts[:-1] == [
        "begun",
        f"INIT_REPORT Init Duration: N ms\tPhase: init\t{failed}",
        "begun",
        f"INIT_REPORT Init Duration: N ms\tPhase: invoke\t{failed}",
    ]
    assert attempts[-1].startswith("START")
    assert failed in heads[-1]


def test_the_second_attempt_has_the_timeout_of_the_function(deploy: Deploy) -> None:
    # Given a function whose import ends in an error at first, and takes too long at the second attempt
    function = with_code(
        deploy,
        "import os, sys, time, boto3",
        "logs = boto3.client('logs')",
        "try:",
        "    logs.create_log_stream(logGroupName=os.environ['AWS_LAMBDA_LOG_GROUP_NAME'], logStreamName='seen')",
        "except logs.exceptions.ResourceAlreadyExistsException:",
        "    time.sleep(30)",
        "sys.exit(3)",
        Timeout=3,
        MemorySize=512,
    )

    # When it is called
    answer = function.invoke()

    # Then the second attempt is ended at the function's timeout
    assert "Task timed out after 3.00 seconds" in answer["Payload"]["errorMessage"]
    reports = [line for line in function.logged() if line.startswith("INIT_REPORT")]
    assert [report.rstrip().split("\t")[1:] for report in reports] == [
        ["Phase: init", "Status: error", "Error Type: Runtime.ExitError"],
        ["Phase: invoke", "Status: timeout"],
    ]
