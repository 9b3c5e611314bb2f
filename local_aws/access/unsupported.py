"""Answers unsupported calls with an error that clients do not retry.

moto raises an exception for them or answers with an HTML page. The AWS SDKs retry a 500, Terraform even for minutes,
although the answer never changes. So an unsupported call is a 400, like an unknown operation in AWS, and so is a body
that moto cannot read as it is not JSON. Any other unexpected exception in moto is a 501, as SDKs retry only 500, 502,
503 and 504. A bare RuntimeError is a 500: its cause is a collection that another request changed ("dictionary changed
size during iteration"), and a retry succeeds.
"""

import json
import traceback
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from moto.core.request import Request
from moto.moto_server.werkzeug_app import create_backend_app
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response

from local_aws import syntax_trees
from local_aws.iam import api_call, signature
from local_aws.iam.refusals import Cause, Refusal, answer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from local_aws.iam.signature import Claim


UNROUTED = ("404", "405")
HTML = b"<!doctype html>"


class UnknownServiceError(NotImplementedError):
    """moto has no such service."""


def create_app(service: Any) -> Any:
    """Return moto's application for a service, given moto's name for it. Raises UnknownServiceError for None."""
    if service is None:
        raise UnknownServiceError
    # werkzeug makes a syntax tree of each route.
    with syntax_trees.LOCK:
        return create_backend_app(service)


class UnsupportedCalls:
    """WSGI middleware around moto's services."""

    def __init__(self, services: "WSGIApplication") -> None:
        self._services = services

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Handle one request; prints exceptions on stderr unless they mean that a call is unsupported."""
        try:
            chunks, status, headers = run_wsgi_app(self._services, environ, buffered=True)
        except Exception as error:
            return _fail(environ, error)(environ, start_response)
        body = b"".join(chunks)
        if _is_unrouted(environ, status, body):
            return _fail(environ, NotImplementedError())(environ, start_response)
        start_response(status, headers.to_wsgi_list())
        return [body]


def _is_unrouted(environ: "WSGIEnvironment", status: str, body: bytes) -> bool:
    """Whether moto has no handler for a request: the answer is then Flask's HTML page or moto's empty 404."""
    if status[:3] not in UNROUTED or environ["REQUEST_METHOD"] == "HEAD":
        return False
    claim = signature.read(environ)
    return body.startswith(HTML) or (not body and claim is not None and claim.service != "s3")


def _fail(environ: "WSGIEnvironment", error: Exception) -> Response:
    """Return the response to a call that failed with `error`, in the protocol of its service."""
    environ["wsgi.input"].seek(0)
    request = Request(environ)
    claim = signature.read(environ)
    call = _name(claim, request)
    refusal = _refusal(call, error)
    if refusal.cause is Cause.FAILED and _is_unreadable(request):
        refusal = Refusal(Cause.UNREADABLE, "The request cannot be read.")
    if refusal.cause in (Cause.FAILED, Cause.TRANSIENT):
        environ["wsgi.errors"].write(
            f"local: {refusal.message}\n{''.join(traceback.format_exception(error))}"
        )
    service = api_call.services_of(claim.service)[0] if claim else ""
    return answer(refusal, service, api_call.protocol_of(service, request))


def _is_unreadable(request: Request) -> bool:
    """Whether the body of a request in AWS's JSON protocol is not a JSON object in UTF-8."""
    if not request.mimetype.startswith("application/x-amz-json"):
        return False
    try:
        return not isinstance(json.loads(request.get_data()), dict)
    except (ValueError, RecursionError):
        return True


def _refusal(call: str, error: Exception) -> Refusal:
    match error:
        case UnknownServiceError():
            return Refusal(
                Cause.UNSUPPORTED, f"The local AWS does not offer {call}: it has no such service."
            )
        case NotImplementedError():
            return Refusal(Cause.UNSUPPORTED, f"The local AWS does not offer {call}.")
        case ModuleNotFoundError(name=str() as module):
            return Refusal(
                Cause.UNSUPPORTED,
                f"The local AWS does not offer {call}: the Python package {module} is not installed.",
            )
    cause = Cause.TRANSIENT if type(error) is RuntimeError else Cause.FAILED
    return Refusal(
        cause,
        f"{call} failed in the local AWS, which is a bug: {type(error).__name__}: {error}",
    )


def _name(claim: "Claim | None", request: Request) -> str:
    """Return the name of a call, such as `apigatewayv2:CreateApi`, or its method, path and service."""
    call = api_call.read(claim.service, request) if claim else None
    if call:
        return f"{call.service}:{call.operation}"
    of = f" of {claim.service}" if claim else ""
    return f"{request.method} {request.path}{of}"
