"""Errors in the services become responses that say what failed, in the protocol of the service."""

import io
import json
from collections.abc import Iterable
from typing import Any

import pytest
from werkzeug.test import Client

from local_aws.access.unsupported import UnsupportedCalls

PUT_ITEM = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=local/20261126/us-east-1/dynamodb/aws4_request, "
    "SignedHeaders=host, Signature=0",
    "X-Amz-Target": "DynamoDB_20120810.PutItem",
    "Content-Type": "application/x-amz-json-1.0",
}


@pytest.mark.parametrize(
    ("error", "status", "code", "message"),
    [
        (NotImplementedError("put_item"), 400, "UnknownOperationException", "does not offer"),
        (ModuleNotFoundError(name="joserfc"), 400, "UnknownOperationException", "joserfc"),
        (KeyError("Item"), 501, "InternalFailure", "KeyError: 'Item'"),
        (RecursionError(), 501, "InternalFailure", "RecursionError"),
        (RuntimeError("dictionary changed size"), 500, "InternalFailure", "dictionary changed"),
    ],
)
def test_an_exception_becomes_an_error_of_the_service(
    error: Exception, status: int, code: str, message: str
) -> None:
    # Given services that raise
    def services(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["wsgi.input"].read()
        raise error

    # When an operation is called
    answer = Client(UnsupportedCalls(services)).post(
        "/", headers=PUT_ITEM, data=b"{}", errors_stream=io.StringIO()
    )

    # Then the response is DynamoDB's, with the status by which SDKs decide whether to retry, and names the operation
    assert answer.status_code == status
    body = json.loads(answer.data)
    assert body["__type"].endswith(code)
    assert "dynamodb:PutItem" in body["Message"]
    assert message in body["Message"]


@pytest.mark.parametrize(
    ("error", "printed"), [(NotImplementedError(), False), (KeyError("x"), True)]
)
def test_only_an_unexpected_exception_is_printed(error: Exception, *, printed: bool) -> None:
    # Given services that raise
    def services(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        raise error

    # When an operation is called
    stderr = io.StringIO()
    Client(UnsupportedCalls(services)).post("/", headers=PUT_ITEM, data=b"{}", errors_stream=stderr)

    # Then stderr has the traceback of the unexpected one
    assert ("Traceback" in stderr.getvalue()) is printed


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"TableName": "\xff"}', b"[" * 100_000])
@pytest.mark.parametrize("is_signed", [True, False])
def test_a_body_that_is_not_its_protocols_is_refused_as_aws_does(
    body: bytes, *, is_signed: bool
) -> None:
    # Given services that raise, for they cannot read a request
    def services(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        raise ValueError(environ["wsgi.input"].read())

    # When such a request is sent, signed or not
    stderr = io.StringIO()
    headers = {name: PUT_ITEM[name] for name in PUT_ITEM if is_signed or name != "Authorization"}
    answer = Client(UnsupportedCalls(services)).post(
        "/", headers=headers, data=body, errors_stream=stderr
    )

    # Then that is its sender's error, and not ours
    assert answer.status_code == 400
    assert json.loads(answer.data)["__type"].endswith("SerializationException")
    assert stderr.getvalue() == ""


@pytest.mark.parametrize(
    ("status", "body", "passes"),
    [
        ("404 Not Found", b"<!doctype html><title>404 Not Found</title>", False),
        ("405 Method Not Allowed", b"<!doctype html>", False),
        ("404 Not Found", b"", False),
        ("404 Not Found", b'{"message": "no such function"}', True),
        ("200 OK", b"<!doctype html>", True),
    ],
)
def test_motos_page_for_an_unknown_path_is_replaced(
    status: str, body: bytes, *, passes: bool
) -> None:
    # Given services that answer so
    def services(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response(status, [("Content-Type", "text/html")])
        return [body]

    # When a path is requested
    answer = Client(UnsupportedCalls(services)).post("/elsewhere", headers=PUT_ITEM)

    # Then only a response of the service itself passes
    assert (answer.data == body) is passes
    assert (answer.status_code == 400) is not passes
