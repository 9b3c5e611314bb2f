"""Refuses requests of foreign web pages: the server is for programs on this machine, not for sites in its browser."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from local_aws.access import browsers
from local_aws.access.public_hosts import is_public
from local_aws.loopback import is_local_host

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class SameMachineOnly:
    """WSGI middleware.

    A foreign site can reach loopback in two ways: by its own name (DNS rebinding: Host is then no loopback name), or
    across origins (the browser then sends Origin). AWS SDKs and Terraform do neither. Function URLs and REST APIs have
    their own hosts and are open to web pages; their CORS configuration decides which sites may read the answers.
    """

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Handle one request: 421 for a foreign Host, 403 for a request that pages may not send."""
        host = environ.get("HTTP_HOST", "")
        if not is_local_host(host):
            return _refuse(start_response, "421 Misdirected Request")
        if is_public(host) or not browsers.is_from_browser(environ):
            return self._application(environ, start_response)
        if browsers.is_preflight(environ):
            start_response("204 No Content", browsers.PREFLIGHT)
            return []
        if not browsers.is_open_to_pages(environ):
            return _refuse(start_response, "403 Forbidden")
        return self._application(environ, _for_pages(start_response))


def _for_pages(start_response: "StartResponse") -> "StartResponse":
    """Return a start_response that lets every page that may send the request read the answer."""

    def start(status: str, headers: browsers.Headers, *rest: Any) -> Any:
        others = [
            header for header in headers if header[0].lower() != "access-control-allow-origin"
        ]
        return start_response(status, [*others, browsers.ALLOW_ORIGIN], *rest)

    return start


def _refuse(start_response: "StartResponse", status: str) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "text/plain"), ("Connection", "close")])
    return [b"The local AWS serves only programs on this machine, not web pages.\n"]
