"""As many requests at once as Lambda would run, and what happens past that and when things change meanwhile."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.deployed import Deploy, Deployed, zipped
from tests.support.signal_of_start import SignalOfStart

NEW_CODE = "def handler(event, context):\n    return 'new'\n"


@pytest.fixture
def together() -> Iterator[ThreadPoolExecutor]:
    """Give threads to call from."""
    with ThreadPoolExecutor(8) as threads:
        yield threads


@pytest.fixture
def asleep(together: ThreadPoolExecutor) -> Callable[..., "Future[Any]"]:
    """Give a way to begin a request that takes some seconds; it returns once the function runs."""

    def begin(function: Deployed, seconds: float) -> "Future[Any]":
        with SignalOfStart() as begun:
            event = {"do": "sleep", "seconds": seconds, "begun": begun.port}
            future = together.submit(function.invoke, event)
            while not begun.given() and not future.done():
                continue
        return future

    return begin


def test_requests_at_once_run_in_environments_of_their_own(
    deploy: Deploy, together: ThreadPoolExecutor
) -> None:
    # Given a function that takes a second
    function = deploy("probe.py", Timeout=20)

    # When four requests come at once
    wish = {"do": "sleep", "seconds": 1}
    answers = list(together.map(lambda _: function.invoke(wish), range(4)))

    # Then four processes answered
    assert len({answer["Payload"]["instance"] for answer in answers}) == 4


def test_requests_one_after_the_other_share_an_environment(deploy: Deploy) -> None:
    # Given a function
    function = deploy("probe.py")

    # When four requests come in turn
    answers = [function.invoke() for _ in range(4)]

    # Then one process answered them all
    assert len({answer["Payload"]["instance"] for answer in answers}) == 1


def test_past_the_reserved_concurrency_a_request_is_throttled_as_lambda_words_it(
    deploy: Deploy, asleep: Callable[..., Any]
) -> None:
    # Given a function that reserves one environment, which is busy
    function = deploy("probe.py", Timeout=20)
    function.client("lambda").put_function_concurrency(
        FunctionName=function.name, ReservedConcurrentExecutions=1
    )
    function.invoke()
    busy = asleep(function, 2)

    # When another request comes
    with pytest.raises(ClientError) as refusal:
        function.invoke()

    # Then it is throttled, and the first is served
    response = refusal.value.response
    assert response["Error"]["Code"] == "TooManyRequestsException"
    assert response["Error"]["Message"] == "Rate Exceeded."
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 429
    assert response["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"  # type: ignore[typeddict-item] # Lambda's own
    assert "pid" in busy.result()["Payload"]
    assert "pid" in function.invoke()["Payload"]


def test_new_code_serves_the_next_request_and_the_one_under_way_is_not_lost(
    deploy: Deploy, asleep: Callable[..., Any]
) -> None:
    # Given a request under way
    function = deploy("probe.py", Timeout=20)
    function.invoke()
    under_way = asleep(function, 2)

    # When new code is uploaded
    function.client("lambda").update_function_code(
        FunctionName=function.name, ZipFile=zipped("probe.py", NEW_CODE)
    )
    function.ready()

    # Then the next request runs it, and the other ends as it began
    assert function.invoke()["Payload"] == "new"
    assert "pid" in under_way.result()["Payload"]
    assert function.invoke()["Payload"] == "new"


def test_versions_and_aliases_run_the_code_they_were_given(deploy: Deploy) -> None:
    # Given a published version, an alias on it, and newer code
    function = deploy("probe.py")
    service = function.client("lambda")
    version = service.publish_version(FunctionName=function.name)["Version"]
    service.create_alias(FunctionName=function.name, Name="live", FunctionVersion=version)
    service.update_function_code(FunctionName=function.name, ZipFile=zipped("probe.py", NEW_CODE))
    function.ready()

    # When each is called, and the alias again once it points to a newer version
    latest = function.invoke()
    pinned = function.invoke(Qualifier=version)
    live = function.invoke(Qualifier="live")
    newer = service.publish_version(FunctionName=function.name)["Version"]
    service.update_alias(FunctionName=function.name, Name="live", FunctionVersion=newer)
    moved = function.invoke(Qualifier="live")

    # Then each ran its own
    assert latest["Payload"] == "new"
    assert "pid" in pinned["Payload"]
    assert "pid" in live["Payload"]
    assert (live["ExecutedVersion"], moved["ExecutedVersion"]) == (version, newer)
    assert moved["Payload"] == "new"


def test_a_function_past_its_memory_is_killed_as_in_lambda(deploy: Deploy) -> None:
    # Given a function with 128 MB
    function = deploy("probe.py", MemorySize=128, Timeout=20)

    # When it fills 300
    answer = function.invoke({"do": "fill", "megabytes": 300})

    # Then it was ended, and the next request is served
    request_id = answer["ResponseMetadata"]["RequestId"]
    assert answer["FunctionError"] == "Unhandled"
    assert answer["Payload"] == {
        "errorType": "Runtime.OutOfMemory",
        "errorMessage": f"RequestId: {request_id} Error: Runtime exited with error: signal: killed",
    }
    assert "pid" in function.invoke()["Payload"]
