"""The addresses of REST APIs: a host for each API, and a path for clients that cannot resolve that host."""

import re
from collections.abc import Iterable
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from moto.core.request import Request as HttpRequest
from werkzeug.wrappers import Response

from local_aws.access.gateway.request import request_of
from local_aws.access.public_hosts import REST_API
from local_aws.access.rest.application import RestApplication
from local_aws.access.rest.proxy_response import refusal

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# What a path to a stage has in it, as a quick look sees.
_MARK = "/_user_request_"
_BELOW_HOST = re.compile(r"/(?P<stage>[^/]+)(?P<path>/.*)?")
_BELOW_PATH = re.compile(
    r"/restapis/(?P<api>[a-z0-9]+)/(?P<stage>[^/]+)/_user_request_(?P<path>/.*)?"
)


class RestApis:
    """WSGI middleware: answers requests to stages of REST APIs, and passes all others to `services`."""

    def __init__(self, application: RestApplication, services: "WSGIApplication") -> None:
        self._application = application
        self._services = services

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request."""
        host = REST_API.fullmatch(environ.get("HTTP_HOST", ""))
        if host is None and _MARK not in environ["REQUEST_URI"]:
            return self._services(environ, start_response)
        received = HttpRequest(environ)
        named = (_BELOW_HOST if host else _BELOW_PATH).fullmatch(received.raw_path)
        if named is None and host is None:
            return self._services(environ, start_response)
        host_name = environ.get("HTTP_HOST", "").partition(":")[0]
        request = request_of(environ, received.get_data(), host_name)
        if named is None:
            # The path is `/`, without a stage.
            answer = refusal(HTTPStatus.FORBIDDEN, "Forbidden")
        else:
            request = replace(request, path=named["path"] or "/")
            api_id = host[1] if host else named["api"]
            answer = self._application.answer(api_id, named["stage"], request)
        response = Response(answer.body, answer.status, headers=list(answer.headers))
        response.headers["x-amzn-requestid"] = request.id
        return response(environ, start_response)
