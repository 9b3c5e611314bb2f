"""Turns a function's payload into a response, after "Create AWS Lambda proxy integrations for HTTP APIs"."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

Headers = tuple[tuple[str, str], ...]
JSON: Headers = (("content-type", "application/json"),)


class MalformedResponseError(Exception):
    """A function's payload is not a response; the message is the reason."""


@dataclass(frozen=True)
class Answer:
    """A response to a client; header names are in lower case."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    # The message for the access log if the gateway itself answers.
    error: str = field(default="", compare=False)


def gateway_answer(
    status: HTTPStatus, message: str, headers: Headers = (), error: str = ""
) -> Answer:
    """Return a response of the gateway itself: a JSON object with a message."""
    body = json.dumps({"message": message}, separators=(",", ":")).encode()
    return Answer(status, (*JSON, *headers), body, error or message)


def internal_error(error: str) -> Answer:
    """Return the response if the function fails, may not be called, or returns something that is not a response."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return gateway_answer(status, "Internal Server Error", error=error)


def answer_from(payload: bytes) -> Answer:
    """Return the response that a payload describes; a payload without a status code is the body of a 200."""
    try:
        output = json.loads(payload)
    except ValueError:
        return internal_error("The function's response is not JSON.")
    if not isinstance(output, dict) or "statusCode" not in output:
        return Answer(HTTPStatus.OK, JSON, _bare_body(output))
    return _described(output, _cookies)


def answer_from_v1(payload: bytes) -> Answer:
    """Return the response that a payload of format 1.0 describes, which must have a status code."""
    try:
        output = json.loads(payload)
    except ValueError:
        return internal_error("The function's response is not JSON.")
    if not isinstance(output, dict) or "statusCode" not in output:
        return internal_error("The function's response has no statusCode.")
    return _described(output, _multi_value_headers)


def header_text(value: Any) -> str:
    """Return the text of a header's value. Raises MalformedResponseError if it has a line break."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if any(character in text for character in "\r\n\0"):
        raise MalformedResponseError("a header has a line break")
    return text


def body_bytes(text: str, *, in_base64: bool) -> bytes:
    """Return the bytes of a body. Raises MalformedResponseError if it should be base64 and is not."""
    if not in_base64:
        return text.encode(errors="replace")
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise MalformedResponseError("its body is not base64") from None


def checked_status(status: int) -> int:
    """Return a status code. Raises MalformedResponseError if HTTP has no such code."""
    if not 100 <= status <= 599:
        raise MalformedResponseError(f"statusCode {status} is not an HTTP status")
    return status


def _described(
    output: Mapping[str, Any], more_headers: Callable[[Mapping[str, Any]], list[tuple[str, str]]]
) -> Answer:
    """Return the response that a payload with a status code describes."""
    try:
        headers = _headers(output, more_headers(output))
        return Answer(_status(output), headers, _body(output))
    except MalformedResponseError as error:
        return internal_error(f"The function's response is malformed: {error}.")


def _bare_body(output: Any) -> bytes:
    text = output if isinstance(output, str) else json.dumps(output, separators=(",", ":"))
    return text.encode()


def _status(output: Mapping[str, Any]) -> int:
    try:
        status = int(output["statusCode"])
    except (TypeError, ValueError):
        raise MalformedResponseError("statusCode is not a number") from None
    return checked_status(status)


def _headers(output: Mapping[str, Any], more: list[tuple[str, str]]) -> Headers:
    """Return the headers of a response, followed by those that only its format has."""
    headers = output.get("headers") or {}
    if not isinstance(headers, dict):
        raise MalformedResponseError("headers is not an object")
    pairs = [(str(name).lower(), header_text(value)) for name, value in headers.items()]
    pairs += more
    if not any(name == "content-type" for name, _ in pairs):
        pairs.append(("content-type", "text/plain;charset=UTF-8"))
    return tuple(pairs)


def _cookies(output: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the headers for the list of cookies of format 2.0."""
    cookies = output.get("cookies") or []
    if not isinstance(cookies, list):
        raise MalformedResponseError("cookies is not a list")
    return [("set-cookie", header_text(cookie)) for cookie in cookies]


def _multi_value_headers(output: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the headers with lists of values of format 1.0."""
    headers = output.get("multiValueHeaders") or {}
    if not isinstance(headers, dict) or not all(
        isinstance(each, list) for each in headers.values()
    ):
        raise MalformedResponseError("multiValueHeaders is not an object of lists")
    return [
        (str(name).lower(), header_text(value))
        for name, values in headers.items()
        for value in values
    ]


def _body(output: Mapping[str, Any]) -> bytes:
    body = output.get("body")
    text = "" if body is None else body if isinstance(body, str) else json.dumps(body)
    return body_bytes(text, in_base64=bool(output.get("isBase64Encoded")))
