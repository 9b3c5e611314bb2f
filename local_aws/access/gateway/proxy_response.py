"""What a function's payload becomes, after "Create AWS Lambda proxy integrations for HTTP APIs"."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Answer:
    """A response to a client; header names in lower case."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    # What the access log says of it, where the gateway itself answers.
    error: str = field(default="", compare=False)


def gateway_answer(
    status: HTTPStatus, message: str, headers: Headers = (), error: str = ""
) -> Answer:
    """Return a response of the gateway's own: a JSON object with a message."""
    body = json.dumps({"message": message}, separators=(",", ":")).encode()
    return Answer(status, (("content-type", "application/json"), *headers), body, error or message)


def internal_error(error: str) -> Answer:
    """Return what a client sees if the function fails, may not be called, or gives what is no response."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return gateway_answer(status, "Internal Server Error", error=error)


def answer_from(payload: bytes) -> Answer:
    """Return the response that a function's payload describes; what names no status code is a 200 with it as body."""
    try:
        output = json.loads(payload)
    except ValueError:
        return internal_error("The function's response is not JSON.")
    if not isinstance(output, dict) or "statusCode" not in output:
        headers = (("content-type", "application/json"),)
        return Answer(HTTPStatus.OK, headers, _bare_body(output))
    try:
        cookies = _cookies(output)
        return Answer(_status(output), _headers(output, cookies), _body(output))
    except ValueError as error:
        return internal_error(f"The function's response is malformed: {error}.")


def answer_from_v1(payload: bytes) -> Answer:
    """Return the response that a payload of format 1.0 describes; what names no status code is none."""
    try:
        output = json.loads(payload)
        if not isinstance(output, dict) or "statusCode" not in output:
            return internal_error("The function's response has no statusCode.")
        several = _of_several_values(output)
        return Answer(_status(output), _headers(output, several), _body(output))
    except ValueError as error:
        return internal_error(f"The function's response is malformed: {error}.")


def _bare_body(output: Any) -> bytes:
    text = output if isinstance(output, str) else json.dumps(output, separators=(",", ":"))
    return text.encode()


def _status(output: Mapping[str, Any]) -> int:
    try:
        status = int(output["statusCode"])
    except (TypeError, ValueError):
        raise ValueError("statusCode is not a number") from None
    if not 100 <= status <= 599:
        raise ValueError(f"statusCode {status} is none of HTTP's")
    return status


def _headers(output: Mapping[str, Any], more: list[tuple[str, str]]) -> Headers:
    """Return the headers of a response, and what its format has besides."""
    headers = output.get("headers") or {}
    if not isinstance(headers, dict):
        raise ValueError("headers is not an object")  # noqa: TRY004 - data of the function's, not a type of ours
    pairs = [(str(name).lower(), _header_text(value)) for name, value in headers.items()]
    pairs += more
    if not any(name == "content-type" for name, _ in pairs):
        pairs.append(("content-type", "text/plain;charset=UTF-8"))
    return tuple(pairs)


def _cookies(output: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the cookies that format 2.0 gives as a list."""
    cookies = output.get("cookies") or []
    if not isinstance(cookies, list):
        raise ValueError("cookies is not a list")  # noqa: TRY004 - data of the function's, not a type of ours
    return [("set-cookie", _header_text(cookie)) for cookie in cookies]


def _of_several_values(output: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the headers that format 1.0 gives as lists."""
    headers = output.get("multiValueHeaders") or {}
    if not isinstance(headers, dict) or not all(
        isinstance(each, list) for each in headers.values()
    ):
        raise ValueError("multiValueHeaders is not an object of lists")
    return [
        (str(name).lower(), _header_text(value))
        for name, values in headers.items()
        for value in values
    ]


def _header_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if any(character in text for character in "\r\n\0"):
        raise ValueError("a header holds a line break")
    return text


def _body(output: Mapping[str, Any]) -> bytes:
    body = output.get("body")
    text = "" if body is None else body if isinstance(body, str) else json.dumps(body)
    if not output.get("isBase64Encoded"):
        return text.encode(errors="replace")
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("its body is not base64") from None
