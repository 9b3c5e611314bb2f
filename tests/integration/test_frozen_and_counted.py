"""With namespaces or without: an environment rests between requests, and all its processes share its memory."""

import time

from tests.integration.deployed import Deploy, tail, with_code
from tests.integration.ticks import TICKING, ticks_between_requests

BOTH_WAYS = True
CHILD = (
    "subprocess.run([sys.executable, '-c', 'import time; x = b\"x\" * 600 * 2**20; time.sleep(1)'])"
)


def test_the_memory_of_a_child_process_is_counted_and_limited(deploy: Deploy) -> None:
    # Given a function of 128 MB whose child takes 600
    function = with_code(
        deploy, "import subprocess, sys", "def handler(event, context):", f"    {CHILD}"
    )

    # When it is called
    answer = function.invoke(LogType="Tail")

    # Then it has run out of memory
    assert answer["Payload"]["errorType"] == "Runtime.OutOfMemory"
    assert "Max Memory Used: 128 MB" in tail(answer)


def test_the_memory_of_a_child_process_is_reported(deploy: Deploy) -> None:
    # Given a function of 1,000 MB whose child takes 600
    function = deploy("probe.py", MemorySize=1000, Timeout=20)

    # When it is called
    answer = function.invoke({"do": "child", "megabytes": 600}, LogType="Tail")

    # Then its REPORT has it
    used = int(tail(answer).split("Max Memory Used: ")[1].split()[0])
    assert 600 < used < 750


def test_an_environment_is_frozen_between_requests(deploy: Deploy) -> None:
    # Given a function with a thread that ticks
    function = deploy(TICKING)

    # When two seconds pass between two requests
    ticks = ticks_between_requests(function.invoke, 2)

    # Then it has ticked as long as it took to freeze it, not two hundred times
    assert ticks < 100


def test_idle_connections_outlive_the_frost(deploy: Deploy) -> None:
    # Given a function that keeps a connection to the local AWS
    function = with_code(
        deploy,
        "import boto3",
        "sts = boto3.client('sts')",
        "def handler(event, context):",
        "    return sts.get_caller_identity()['Account']",
        Timeout=20,
    )
    first = function.invoke()["Payload"]

    # When it has been frozen for a moment
    time.sleep(0.5)

    # Then it still answers
    assert function.invoke()["Payload"] == first == "123456789012"
