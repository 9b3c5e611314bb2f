"""Answers refused requests, in the protocol of the service that they are for."""

import json
import uuid
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any
from xml.sax.saxutils import escape

from botocore.exceptions import UnknownServiceError
from moto.core.utils import get_service_model
from werkzeug.wrappers import Response


class Cause(Enum):
    """Why a request is refused."""

    ACCESS_DENIED = auto()
    UNKNOWN_CREDENTIALS = auto()
    EXPIRED_CREDENTIALS = auto()
    WRONG_SIGNATURE = auto()
    INCOMPLETE_SIGNATURE = auto()
    NOT_SIGNED = auto()
    UNREADABLE = auto()
    UNSUPPORTED = auto()
    FAILED = auto()
    TRANSIENT = auto()


@dataclass(frozen=True)
class Refusal:
    """Why a request is refused: the cause, and the message for the caller."""

    cause: Cause
    message: str


_INTERNAL = {
    "json": "InternalFailure",
    "query": "InternalFailure",
    "s3": "InternalError",
    "ec2": "InternalError",
}
# The error codes, by cause and format of the answer.
_CODES = {
    Cause.ACCESS_DENIED: {
        "json": "AccessDeniedException",
        "query": "AccessDenied",
        "s3": "AccessDenied",
        "ec2": "UnauthorizedOperation",
    },
    Cause.UNKNOWN_CREDENTIALS: {
        "json": "UnrecognizedClientException",
        "query": "InvalidClientTokenId",
        "s3": "InvalidAccessKeyId",
        "ec2": "AuthFailure",
    },
    Cause.EXPIRED_CREDENTIALS: {
        "json": "ExpiredTokenException",
        "query": "ExpiredToken",
        "s3": "ExpiredToken",
        "ec2": "RequestExpired",
    },
    Cause.WRONG_SIGNATURE: {
        "json": "InvalidSignatureException",
        "query": "SignatureDoesNotMatch",
        "s3": "SignatureDoesNotMatch",
        "ec2": "AuthFailure",
    },
    Cause.INCOMPLETE_SIGNATURE: {
        "json": "IncompleteSignatureException",
        "query": "IncompleteSignature",
        "s3": "AuthorizationHeaderMalformed",
        "ec2": "AuthFailure",
    },
    Cause.NOT_SIGNED: {
        "json": "MissingAuthenticationTokenException",
        "query": "MissingAuthenticationToken",
        "s3": "AccessDenied",
        "ec2": "AuthFailure",
    },
    Cause.UNREADABLE: dict.fromkeys(("json", "query"), "SerializationException"),
    Cause.UNSUPPORTED: {
        "json": "UnknownOperationException",
        "query": "InvalidAction",
        "s3": "NotImplemented",
        "ec2": "InvalidAction",
    },
    Cause.FAILED: _INTERNAL,
    Cause.TRANSIENT: _INTERNAL,
}
# The HTTP statuses that differ from those of refusals by IAM.
_STATUSES = {Cause.UNREADABLE: 400, Cause.UNSUPPORTED: 400, Cause.FAILED: 501, Cause.TRANSIENT: 500}
_XML = {
    "query": (
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
        "</ErrorResponse>"
    ),
    "s3": "<Error><Code>{code}</Code><Message>{message}</Message></Error>",
    "ec2": (
        "<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>"
        "</Response>"
    ),
}


def answer(refusal: Refusal, service: str, protocol: str) -> Response:
    """Return the answer, given botocore's names of the service and of the protocol of the request."""
    if protocol == "json":
        response = _json(refusal, service)
    elif protocol == "rest-json":
        response = _rest_json(refusal)
    else:
        response = _xml(refusal, form=service if service in _XML else "query")
    response.headers["x-amzn-RequestId"] = str(uuid.uuid4())
    return response


def _json(refusal: Refusal, service: str) -> Response:
    codes = _CODES[refusal.cause]
    metadata = _metadata(service)
    version = metadata.get("jsonVersion", "1.0")
    namespace = "com.amazon.coral.service#" if version == "1.0" else ""
    response = Response(
        json.dumps({"__type": namespace + codes["json"], "Message": refusal.message}),
        _STATUSES.get(refusal.cause, 400),
        content_type=f"application/x-amz-json-{version}",
    )
    if "awsQueryCompatible" in metadata:
        # Its clients still use the error codes of the query protocol.
        response.headers["x-amzn-query-error"] = f"{codes['query']};Sender"
    return response


def _rest_json(refusal: Refusal) -> Response:
    response = Response(
        json.dumps({"Message": refusal.message}),
        _STATUSES.get(refusal.cause, 403),
        content_type="application/json",
    )
    response.headers["x-amzn-ErrorType"] = _CODES[refusal.cause]["json"]
    return response


def _xml(refusal: Refusal, form: str) -> Response:
    body = _XML[form].format(code=_CODES[refusal.cause][form], message=escape(refusal.message))
    return Response(body, _STATUSES.get(refusal.cause, 403), content_type="text/xml")


def _metadata(service: str) -> dict[str, Any]:
    try:
        metadata: dict[str, Any] = get_service_model(service).metadata
    except UnknownServiceError:
        return {}
    return metadata
