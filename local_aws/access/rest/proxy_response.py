"""Turns a function's payload into a response: "Output format of a Lambda function for proxy integration"."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from local_aws.access.gateway.proxy_response import (
    JSON,
    Answer,
    Headers,
    MalformedResponseError,
    body_bytes,
    checked_status,
    header_text,
)

_ERRORS = {
    400: "BadRequestException",
    401: "UnauthorizedException",
    403: "ForbiddenException",
    404: "NotFoundException",
    500: "InternalServerErrorException",
    502: "InternalServerErrorException",
    504: "InternalServerErrorException",
}


def refusal(status: int, message: str, kind: str | None = None) -> Answer:
    """Return a response of the gateway itself: a message in JSON, and the type of the error in a header."""
    headers = (*JSON, ("x-amzn-errortype", kind or _ERRORS[status]))
    return Answer(status, headers, json.dumps({"message": message}).encode(), error=message)


def answer_from(payload: bytes) -> Answer:
    """Return the response that a payload describes, or a 502 if it is malformed."""
    try:
        return _answer(json.loads(payload))
    except (ValueError, MalformedResponseError):
        return refusal(502, "Internal server error")


def _answer(output: Any) -> Answer:
    if not isinstance(output, dict):
        raise MalformedResponseError("it is not an object")
    headers = tuple(_headers(output))
    if not any(name == "content-type" for name, _ in headers):
        headers = (*JSON, *headers)
    return Answer(_status(output), headers, _body(output))


def _status(output: Mapping[str, Any]) -> int:
    status = output.get("statusCode")
    if isinstance(status, bool) or not isinstance(status, int | str):
        raise MalformedResponseError("statusCode is not a number")
    return checked_status(int(status))


def _headers(output: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    single = output.get("headers") or {}
    multiple = output.get("multiValueHeaders") or {}
    if not isinstance(single, dict) or not isinstance(multiple, dict):
        raise MalformedResponseError("headers is not an object")
    # "If you specify values for both, API Gateway merges them"; the same value is sent once.
    pairs: Headers = ()
    for name, values in multiple.items():
        if not isinstance(values, list):
            raise MalformedResponseError("multiValueHeaders is not an object of lists")
        pairs += tuple((str(name).lower(), _text(value)) for value in values)
    for name, value in single.items():
        pair = (str(name).lower(), _text(value))
        pairs += () if pair in pairs else (pair,)
    yield from pairs


def _text(value: Any) -> str:
    if not isinstance(value, str | int | float):
        raise MalformedResponseError("a header is not text")
    return header_text(value)


def _body(output: Mapping[str, Any]) -> bytes:
    body = output.get("body")
    if body is not None and not isinstance(body, str):
        raise MalformedResponseError("its body is not text")
    return body_bytes(body or "", in_base64=bool(output.get("isBase64Encoded")))
