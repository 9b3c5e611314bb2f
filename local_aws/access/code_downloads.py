"""Serves the zips of functions and layers at the signed URLs that GetFunction and GetLayerVersion return."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

from local_aws.functions.api import code_locations
from local_aws.functions.api.store import Stores

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# S3's answer to a presigned URL that is wrong or has expired.
_DENIED = "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"


class CodeDownloads:
    """WSGI middleware: answers requests for zips, and passes all others to `services`."""

    def __init__(self, stores: Stores, services: "WSGIApplication") -> None:
        self._stores = stores
        self._services = services

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request."""
        query = environ.get("QUERY_STRING", "")
        if not environ["PATH_INFO"].startswith(code_locations.PATH) or "Signature=" not in query:
            return self._services(environ, start_response)
        snapshot = code_locations.find(self._stores, environ["PATH_INFO"])
        if snapshot is None or not snapshot.is_signed(query):
            response = Response(_DENIED, HTTPStatus.FORBIDDEN, content_type="application/xml")
        else:
            response = Response(snapshot.code.content, content_type="application/zip")
        return response(environ, start_response)
