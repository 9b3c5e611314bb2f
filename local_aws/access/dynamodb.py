"""DynamoDB as a WSGI application: moto's handler without the Flask application around it, which is a tenth faster."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from moto.core.request import Request
from moto.dynamodb.responses import DynamoHandler
from werkzeug.exceptions import HTTPException

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_TARGET = "DynamoDB_20120810."


class _ServerRequest(Request):  # type: ignore[misc] # moto has no types
    """A request whose server adds the Date header to the answer itself."""

    from_wsgi_server = True


class DynamoDb:
    """WSGI middleware: answers requests to DynamoDB, and passes all others to `services`."""

    def __init__(self, services: "WSGIApplication") -> None:
        self._services = services

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request."""
        signed = "/dynamodb/aws4_request" in environ.get("HTTP_AUTHORIZATION", "")
        if not signed or not environ.get("HTTP_X_AMZ_TARGET", "").startswith(_TARGET):
            return self._services(environ, start_response)
        request = _ServerRequest(environ)
        try:
            status, headers, body = DynamoHandler.dispatch(request, request.raw_url)
        except HTTPException as error:
            return error(environ, start_response)
        start_response(
            f"{status} {HTTPStatus(status).phrase}",
            [(name, str(value)) for name, value in headers.items()],
        )
        return [body.encode() if isinstance(body, str) else body]
