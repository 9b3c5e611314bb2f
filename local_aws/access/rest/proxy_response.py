"""What a function's payload becomes: "Output format of a Lambda function for proxy integration"."""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from typing import Any

from local_aws.access.gateway.proxy_response import Answer, Headers

_ERRORS = {
    400: "BadRequestException",
    401: "UnauthorizedException",
    403: "ForbiddenException",
    404: "NotFoundException",
    500: "InternalServerErrorException",
    502: "InternalServerErrorException",
    504: "InternalServerErrorException",
}


class MalformedProxyResponseError(Exception):
    """The payload is no response."""


def refusal(status: int, message: str, kind: str | None = None) -> Answer:
    """Return a response of the gateway's own: a message in JSON, and the type of the error in a header."""
    headers = (
        ("content-type", "application/json"),
        ("x-amzn-errortype", kind or _ERRORS[status]),
    )
    return Answer(status, headers, json.dumps({"message": message}).encode(), error=message)


def answer_from(payload: bytes) -> Answer:
    """Return the response that a payload describes; what describes none is a 502."""
    try:
        return _answer(json.loads(payload))
    except (ValueError, MalformedProxyResponseError):
        return refusal(502, "Internal server error")


def _answer(output: Any) -> Answer:
    if not isinstance(output, dict):
        raise MalformedProxyResponseError
    headers = tuple(_headers(output))
    if not any(name == "content-type" for name, _ in headers):
        headers = (("content-type", "application/json"), *headers)
    return Answer(_status(output), headers, _body(output))


def _status(output: Mapping[str, Any]) -> int:
    status = output.get("statusCode")
    if isinstance(status, bool) or not isinstance(status, int | str):
        raise MalformedProxyResponseError
    number = int(status)
    if not 100 <= number <= 599:
        raise MalformedProxyResponseError
    return number


def _headers(output: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    single = output.get("headers") or {}
    several = output.get("multiValueHeaders") or {}
    if not isinstance(single, dict) or not isinstance(several, dict):
        raise MalformedProxyResponseError
    # "If you specify values for both, API Gateway merges them"; the same value is sent once.
    pairs: Headers = ()
    for name, values in several.items():
        if not isinstance(values, list):
            raise MalformedProxyResponseError
        pairs += tuple((str(name).lower(), _text(value)) for value in values)
    for name, value in single.items():
        pair = (str(name).lower(), _text(value))
        pairs += () if pair in pairs else (pair,)
    yield from pairs


def _text(value: Any) -> str:
    if not isinstance(value, str | int | float):
        raise MalformedProxyResponseError
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if any(character in text for character in "\r\n\0"):
        raise MalformedProxyResponseError
    return text


def _body(output: Mapping[str, Any]) -> bytes:
    body = output.get("body")
    if body is not None and not isinstance(body, str):
        raise MalformedProxyResponseError
    if not output.get("isBase64Encoded"):
        return (body or "").encode(errors="replace")
    try:
        return base64.b64decode(body or "", validate=True)
    except binascii.Error:
        raise MalformedProxyResponseError from None
