"""Invoke answers as its API reference has it: names, invocation types, what it refuses and in which words."""

import base64
import contextlib
import json
import re
import time
from http.client import HTTPConnection
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.integration.deployed import Deploy, Deployed

ARN = "arn:aws:lambda:us-east-1:123456789012:function:"


def refusal(function: Deployed, **request: Any) -> dict[str, Any]:
    """Return the error that an Invoke of the function, with these parameters, is answered with."""
    with pytest.raises(ClientError) as refused:
        function.client("lambda").invoke(**{"FunctionName": function.name, **request})
    return dict(refused.value.response)


def test_an_event_is_accepted_at_once_and_runs(deploy: Deploy) -> None:
    # Given a function
    function = deploy("probe.py")

    # When it is called asynchronously
    answer = function.invoke({"do": "log", "lines": ["later"]}, InvocationType="Event")

    # Then the call is answered 202, and the function runs under the id of the answer
    assert answer["StatusCode"] == 202
    assert answer["Payload"] is None
    request_id = answer["ResponseMetadata"]["RequestId"]
    deadline = time.monotonic() + 20
    while "later\n" not in function.logged() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "later\n" in function.logged()
    assert f"START RequestId: {request_id} Version: $LATEST\n" in function.logged()


@pytest.mark.parametrize(
    "payload",
    [b"{nope", b"\xff", b"NaN", '{"a":1}'.encode("utf-16")],
    ids=["no JSON", "no text", "no number", "not UTF-8"],
)
def test_an_event_that_is_no_json_is_refused(deploy: Deploy, payload: bytes) -> None:
    # Given a function
    function = deploy("probe.py")

    # When it is sent something else
    response = refusal(function, Payload=payload)

    # Then Lambda's error says so
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert response["Error"]["Code"] == "InvalidRequestContentException"
    assert response["Error"]["Message"].startswith("Could not parse request body into json: ")


def test_an_event_is_never_taken_for_parameters_of_the_request(deploy: Deploy) -> None:
    # Given a function
    function = deploy("probe.py")

    # When its event looks like a query string
    answer = function.invoke({"of": "a&Action=ListFunctions&Qualifier=nobody&b"})

    # Then it is an event
    assert "pid" in answer["Payload"]


@pytest.mark.parametrize(
    "named", ["{name}", "function:{name}", "123456789012:function:{name}", ARN + "{name}"]
)
def test_a_function_answers_to_every_form_of_its_name(deploy: Deploy, named: str) -> None:
    # Given a function with an alias
    function = deploy("probe.py")
    service = function.client("lambda")
    version = service.publish_version(FunctionName=function.name)["Version"]
    service.create_alias(FunctionName=function.name, Name="live", FunctionVersion=version)
    name = named.format(name=function.name)
    payload = json.dumps({"do": "context"})

    # When it is called by the name, alone, with the alias in it, and with the alias beside it
    alone = service.invoke(FunctionName=name, Payload=payload)
    within = service.invoke(FunctionName=f"{name}:live", Payload=payload)
    beside = service.invoke(FunctionName=name, Qualifier="live", Payload=payload)

    # Then that version runs, and its context has the ARN by which it was called
    assert [answer["ExecutedVersion"] for answer in (alone, within, beside)] == [
        "$LATEST",
        version,
        version,
    ]
    assert [json.load(answer["Payload"])["arn"] for answer in (alone, within, beside)] == [
        ARN + function.name,
        f"{ARN}{function.name}:live",
        f"{ARN}{function.name}:live",
    ]


def test_a_request_that_is_signed_for_another_service_runs_nothing(
    deploy: Deploy, endpoint: str
) -> None:
    # Given a function, and a request to it that IAM would take for one to STS
    function = deploy("probe.py")
    path = f"/2015-03-31/functions/{function.name}/invocations"
    request = AWSRequest("POST", endpoint + path, data=b"{}")
    SigV4Auth(Credentials("local", "local"), "sts", "us-east-1").add_auth(request)

    # When it is sent
    with contextlib.closing(HTTPConnection(endpoint.removeprefix("http://"))) as connection:
        connection.request("POST", path, b"{}", dict(request.headers))
        answer = connection.getresponse()

    # Then the function has not run
    assert answer.status == 400
    assert function.logged() == []


def test_the_client_context_reaches_the_function(deploy: Deploy) -> None:
    # Given a function
    function = deploy("probe.py")

    # When it is called with a client context, and then without
    context = base64.b64encode(json.dumps({"custom": {"colour": "white"}}).encode()).decode()
    given = function.invoke({"do": "context"}, ClientContext=context)
    none = function.invoke({"do": "context"})

    # Then it has it, once
    assert given["Payload"]["client"] == {"colour": "white"}
    assert none["Payload"]["client"] is None


@pytest.mark.parametrize("context", ["no base64", "bm8gSlNPTg==", "NQ=="])
def test_a_client_context_that_is_no_json_object_is_refused(deploy: Deploy, context: str) -> None:
    # Given a function
    function = deploy("probe.py")

    # When it is called with another client context
    response = refusal(function, ClientContext=context)

    # Then Lambda's error says so
    assert response["Error"] == {
        "Code": "InvalidRequestContentException",
        "Message": "Client context must be a valid Base64-encoded JSON object.",
    }


def test_each_request_has_a_trace_of_its_own_that_is_not_sampled(deploy: Deploy) -> None:
    # Given a function
    function = deploy("probe.py")

    # When it is called twice
    traces = [
        function.invoke({"do": "environment"})["Payload"]["_X_AMZN_TRACE_ID"] for _ in range(2)
    ]

    # Then each request had X-Ray's header
    assert traces[0] != traces[1]
    for trace in traces:
        assert re.fullmatch(
            r"Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0;Lineage=[0-9a-f]{8}:1",
            trace,
        )
