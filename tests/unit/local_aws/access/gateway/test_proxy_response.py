"""What a function's payload becomes."""

import json
from typing import Any

import pytest

from local_aws.access.gateway.proxy_response import answer_from

JSON_HEADER = (("content-type", "application/json"),)


@pytest.mark.parametrize("payload", ['{"message":"hi"}', "[1,2]", "3", "null"])
def test_a_payload_without_a_status_code_is_a_200_with_it_as_body(payload: str) -> None:
    # Given such a payload, when it is answered
    answer = answer_from(payload.encode())

    # Then it is the body, as JSON
    assert (answer.status, answer.headers, answer.body) == (200, JSON_HEADER, payload.encode())


def test_a_bare_string_is_the_body() -> None:
    # Given a string, when it is answered, then its text is the body
    assert answer_from(b'"hello"').body == b"hello"


def test_status_headers_cookies_and_body_are_taken_over() -> None:
    # Given a whole response
    output = {
        "statusCode": "201",
        "headers": {"X-Count": 3, "Content-Type": "text/html", "X-Flag": True},
        "cookies": ["a=1", "b=2"],
        "body": "aGk=",
        "isBase64Encoded": True,
    }

    # When it is answered
    answer = answer_from(json.dumps(output).encode())

    # Then each part is, header names in lower case
    assert (answer.status, answer.body) == (201, b"hi")
    assert answer.headers == (
        ("x-count", "3"),
        ("content-type", "text/html"),
        ("x-flag", "true"),
        ("set-cookie", "a=1"),
        ("set-cookie", "b=2"),
    )


@pytest.mark.parametrize(
    "output",
    [
        {"statusCode": "ok"},
        {"statusCode": None},
        {"statusCode": 42},
        {"statusCode": 200, "headers": ["a"]},
        {"statusCode": 200, "headers": {"a": "b\r\nc: d"}},
        {"statusCode": 200, "cookies": "a=1"},
        {"statusCode": 200, "body": "*", "isBase64Encoded": True},
    ],
)
def test_what_is_no_response_is_a_500_that_says_nothing(output: dict[str, Any]) -> None:
    # Given a malformed response, when it is answered
    answer = answer_from(json.dumps(output).encode())

    # Then the client learns nothing, and the access log why
    assert (answer.status, answer.body) == (500, b'{"message":"Internal Server Error"}')
    assert "malformed" in answer.error


def test_a_payload_that_is_not_json_is_a_500() -> None:
    # Given no JSON, when it is answered, then that is an error
    assert answer_from(b"{").status == 500
