"""Every field of the event, after "Create AWS Lambda proxy integrations for HTTP APIs"."""

import base64

import pytest

from local_aws.access.gateway.configuration import Stage
from local_aws.access.gateway.proxy_event import RoutedRequest, proxy_event, texts
from local_aws.access.gateway.routes import Match
from tests.support.http_api import api, request, route

STAGE = Stage("$default", {"user_pool_id": "p"})


def test_each_field_of_the_document_is_in_the_event() -> None:
    # Given a request with everything a request can have, for a route with a token and a variable
    asked = request(
        "/pets/a%20b?x=1&y=%20&x=2",
        body=b'{"name":"zo\xc3\xab"}',
        content_type="application/json",
        cookie="one=1; two=2",
        user_agent="curl/8",
        accept="a,b",
    )
    match = Match(route("POST /pets/{id}", scopes=("read",)), {"id": "a b"})

    # When the event is made
    claims = {"sub": "s", "cognito:username": "zoe"}
    event = proxy_event(RoutedRequest(asked, api(), STAGE, match, claims))

    # Then it is the document's
    assert event == {
        "version": "2.0",
        "routeKey": "POST /pets/{id}",
        "rawPath": "/pets/a%20b",
        "rawQueryString": "x=1&y=%20&x=2",
        "cookies": ["one=1", "two=2"],
        "headers": {"content-type": "application/json", "user-agent": "curl/8", "accept": "a,b"},
        "queryStringParameters": {"x": "1,2", "y": " "},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "abc",
            "authorizer": {
                "jwt": {"claims": {"sub": "s", "cognito:username": "zoe"}, "scopes": ["read"]}
            },
            "domainName": "127.0.0.1:8080",
            "domainPrefix": "127",
            "http": {
                "method": "POST",
                "path": "/pets/a%20b",
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": "curl/8",
            },
            "requestId": "an-id",
            "routeKey": "POST /pets/{id}",
            "stage": "$default",
            "time": "24/Nov/2026:12:00:05 +0000",
            "timeEpoch": 1795521605678,
        },
        "pathParameters": {"id": "a b"},
        "stageVariables": {"user_pool_id": "p"},
        "body": '{"name":"zoë"}',
        "isBase64Encoded": False,
    }


def test_what_a_request_does_not_have_is_left_out() -> None:
    # Given a bare request to a route without an authorizer, on a stage without variables
    # When the event is made
    match = Match(route("GET /"), {})
    event = proxy_event(RoutedRequest(request("/", "GET"), api(), Stage("$default"), match))

    # Then those fields are not in it
    absent = {"cookies", "queryStringParameters", "pathParameters", "stageVariables", "body"}
    assert not absent & event.keys()
    assert "authorizer" not in event["requestContext"]


@pytest.mark.parametrize(
    ("content_type", "body", "encoded"),
    [
        ("text/plain; charset=utf-8", b"a", False),
        ("application/problem+json", b"{}", False),
        ("", b"a", False),
        ("application/octet-stream", b"\x00", True),
        ("application/x-www-form-urlencoded", b"a=b", True),
        ("text/plain", b"\xff", True),
    ],
)
def test_what_is_no_text_travels_in_base64(content_type: str, body: bytes, encoded: bool) -> None:
    # Given a body of some type
    asked = request(body=body, content_type=content_type)

    # When the event is made
    event = proxy_event(RoutedRequest(asked, api(), STAGE, Match(route("POST /ride"), {})))

    # Then it is in base64 unless it is text
    text = base64.b64encode(body).decode() if encoded else body.decode()
    assert (event["body"], event["isBase64Encoded"]) == (text, encoded)


def test_claims_are_strings() -> None:
    # Given claims of every type of JSON
    claims = {"a": ["x", 1], "b": True, "c": 1.5, "d": None, "e": {"f": [1]}, "g": "text", "h": []}

    # When they are passed on
    # Then each is a string, and null is left out
    assert texts(claims) == {
        "a": "[x 1]",
        "b": "true",
        "c": "1.5",
        "e": '{"f":[1]}',
        "g": "text",
        "h": "[]",
    }
