"""Requests to function URLs: the event they become, the response they get, and who may send them."""

import contextlib
import json
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.integration.deployed import Deploy, Deployed, zipped

# Answers as the query says, else with its event.
CODE = """
def handler(event, context):
    match (event.get("queryStringParameters") or {}).get("do"):
        case "raise":
            raise ValueError("as you wish")
        case "text":
            return "Hello, world!"
        case "teapot":
            return {"statusCode": 418, "headers": {"x-tea": "oolong"}, "cookies": ["a=1"], "body": "tea"}
    return event
"""
Send = Callable[..., tuple[int, dict[str, str], bytes]]


@pytest.fixture
def function(deploy: Deploy) -> Deployed:
    return deploy("probe.py", zip_file=zipped("probe.py", CODE))


@pytest.fixture
def send(endpoint: str) -> Send:
    """Give a sender of requests to a URL, whatever the machine's resolver makes of its host."""

    def send(
        url: str, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        with contextlib.closing(HTTPConnection(urlsplit(endpoint).netloc)) as connection:
            connection.request(method, path, body, {"Host": urlsplit(url).netloc, **headers})
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, named, answer.read()

    return send


def url_of(function: Deployed, auth_type: str = "NONE") -> str:
    answer = function.client("lambda").create_function_url_config(
        FunctionName=function.name, AuthType=auth_type
    )
    url: str = answer["FunctionUrl"]
    return url


# The two statements that AWS's console adds to the policy of a function with a URL for anyone.
INVOKE_URL = {"Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE"}
INVOKE_BY_URL = {"Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": True}


def permit_anyone(function: Deployed, sid: str, statement: dict[str, Any]) -> None:
    function.client("lambda").add_permission(
        **{"FunctionName": function.name, "StatementId": sid, "Principal": "*", **statement}
    )


def open_to_anyone(function: Deployed) -> None:
    permit_anyone(function, "FunctionURLAllowPublicAccess", INVOKE_URL)
    permit_anyone(function, "FunctionURLInvokeAllowPublicAccess", INVOKE_BY_URL)


def test_a_request_becomes_an_event_of_format_2(function: Deployed, send: Send) -> None:
    # Given a URL that is open to anyone
    url = url_of(function)
    open_to_anyone(function)

    # When a request is sent
    status, _, body = send(url, "/a/b?x=1&x=2", "POST", b'{"a": 1}', **{"X-Own": "yes"})

    # Then the function has it, and its return value is the body
    event: dict[str, Any] = json.loads(body)
    assert status == 200
    assert (event["version"], event["rawPath"], event["rawQueryString"]) == (
        "2.0",
        "/a/b",
        "x=1&x=2",
    )
    assert event["queryStringParameters"] == {"x": "1,2"}
    assert event["headers"]["x-own"] == "yes"
    assert event["headers"]["x-forwarded-for"] == "127.0.0.1"
    assert event["headers"]["x-forwarded-proto"] == "http"
    assert event["headers"]["x-amzn-trace-id"].startswith("Root=1-")
    assert "authorizer" not in event["requestContext"]
    assert event["requestContext"]["http"]["method"] == "POST"
    assert event["requestContext"]["accountId"] == "anonymous"
    assert event["requestContext"]["domainPrefix"] == urlsplit(url).netloc.partition(".")[0]
    assert json.loads(event["body"]) == {"a": 1}


def test_what_the_function_returns_becomes_the_response(function: Deployed, send: Send) -> None:
    # Given a URL that is open to anyone
    url = url_of(function)
    open_to_anyone(function)

    # When the function returns text, a response, or fails
    text = send(url, "/?do=text")
    teapot = send(url, "/?do=teapot")
    failed = send(url, "/?do=raise")

    # Then the text is JSON, the response is sent as it is, and the failure says nothing
    assert (text[0], text[1]["content-type"], text[2]) == (
        200,
        "application/json",
        b'"Hello, world!"',
    )
    assert (teapot[0], teapot[1]["x-tea"], teapot[1]["set-cookie"], teapot[2]) == (
        418,
        "oolong",
        "a=1",
        b"tea",
    )
    assert (failed[0], failed[2]) == (502, b"Internal Server Error")


@pytest.mark.parametrize("auth_type", ["NONE", "AWS_IAM"])
def test_who_has_no_permission_is_forbidden(function: Deployed, send: Send, auth_type: str) -> None:
    # Given a URL whose policy lets nobody in
    url = url_of(function, auth_type)

    # When a request is sent without a signature
    status, _, body = send(url, "/")

    # Then it is forbidden, and the function did not run
    assert status == 403
    assert json.loads(body)["Message"].startswith("Forbidden. For troubleshooting Function URL")
    assert function.logged() == []


@pytest.mark.parametrize("statement", [INVOKE_URL, INVOKE_BY_URL])
def test_one_of_the_two_actions_that_a_url_needs_is_not_enough(
    function: Deployed, send: Send, statement: dict[str, Any]
) -> None:
    # Given a URL whose policy lets anyone do one of the two
    url = url_of(function)
    permit_anyone(function, "one", statement)

    # When a request is sent
    # Then it is forbidden
    assert send(url, "/")[0] == 403


@pytest.mark.parametrize(("actions", "status"), [(["Url"], 403), (["Url", ""], 200)])
def test_a_user_needs_both_actions_too(
    function: Deployed, send: Send, actions: list[str], status: int
) -> None:
    # Given a URL that asks for signatures, and a user who may only invoke by URL
    url = url_of(function, "AWS_IAM")
    iam = function.client("iam")
    iam.create_user(UserName=function.name)
    allowed = {
        "Effect": "Allow",
        "Action": [f"lambda:InvokeFunction{action}" for action in actions],
        "Resource": f"arn:aws:lambda:us-east-1:123456789012:function:{function.name}",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": allowed})
    iam.put_user_policy(UserName=function.name, PolicyName="url", PolicyDocument=policy)
    key = iam.create_access_key(UserName=function.name)["AccessKey"]

    # When the user sends a request
    request = AWSRequest("GET", url)
    credentials = Credentials(key["AccessKeyId"], key["SecretAccessKey"])
    SigV4Auth(credentials, "lambda", "us-east-1").add_auth(request)
    answered, _, body = send(url, "/", **dict(request.headers))

    # Then it gets in only with both actions, and the function knows who it is
    assert answered == status
    if status == 200:
        context = json.loads(body)["requestContext"]
        assert context["accountId"] == "123456789012"
        who = context["authorizer"]["iam"]
        assert who["userArn"] == f"arn:aws:iam::123456789012:user/{function.name}"
        assert (who["accessKey"], who["accountId"]) == (key["AccessKeyId"], "123456789012")
        assert who["userId"] == iam.get_user(UserName=function.name)["User"]["UserId"]
    iam.delete_access_key(UserName=function.name, AccessKeyId=key["AccessKeyId"])
    iam.delete_user_policy(UserName=function.name, PolicyName="url")
    iam.delete_user(UserName=function.name)


@pytest.mark.parametrize(
    ("key", "secret", "status"),
    [
        ("local", "local", 200),
        ("local", "wrong", 403),
        ("AKIAIOSFODNN7EXAMPLE", "nobody's", 403),
    ],
)
def test_only_who_signed_with_the_secret_gets_in(
    function: Deployed, send: Send, key: str, secret: str, status: int
) -> None:
    # Given a URL that asks for signatures
    url = url_of(function, "AWS_IAM")

    # When a request is signed with a key and a secret
    request = AWSRequest("GET", url)
    SigV4Auth(Credentials(key, secret), "lambda", "us-east-1").add_auth(request)

    # Then it reaches the function only if the secret is that of a known key
    assert send(url, "/", **dict(request.headers))[0] == status


@pytest.mark.parametrize(("service", "region"), [("s3", "us-east-1"), ("lambda", "eu-west-1")])
def test_a_signature_for_elsewhere_is_forbidden(
    function: Deployed, send: Send, service: str, region: str
) -> None:
    # Given a URL that asks for signatures
    url = url_of(function, "AWS_IAM")

    # When a request is well signed, for another service or region
    request = AWSRequest("GET", url)
    SigV4Auth(Credentials("local", "local"), service, region).add_auth(request)

    # Then it is forbidden
    assert send(url, "/", **dict(request.headers))[0] == 403


def test_a_deleted_url_is_not_found(function: Deployed, send: Send) -> None:
    # Given a URL that was deleted
    url = url_of(function)
    function.client("lambda").delete_function_url_config(FunctionName=function.name)

    # When a request is sent
    # Then nothing is there
    assert send(url, "/")[0] == 404
