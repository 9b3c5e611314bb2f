"""Refuses requests that a web page could send: the server is for programs on this machine, not for its browser."""

from collections.abc import Callable, Iterable
from typing import Any

from local_aws.access import browsers
from local_aws.access.public_hosts import is_public
from local_aws.loopback import is_local_host

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class SameMachineOnly:
    """WSGI middleware.

    A foreign site can reach loopback in two ways: under its own name (DNS rebinding, so the Host is not a loopback
    name), or across origins (the browser then sends Origin). AWS SDKs and Terraform do neither. Function URLs and REST
    APIs are for web pages too, by hosts of their own; who may read their answers is up to their CORS.
    """

    def __init__(self, application: Wsgi) -> None:
        self._application = application

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Handle one request: 421 for a foreign Host, 403 for a cross-origin request that is not open to pages."""
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


def _for_pages(start_response: Callable[..., Any]) -> Callable[..., Any]:
    def start(status: str, headers: browsers.Headers, *rest: Any) -> Any:
        own = [header for header in headers if header[0].lower() != "access-control-allow-origin"]
        return start_response(status, [*own, browsers.ALLOW_ORIGIN], *rest)

    return start


def _refuse(start_response: Callable[..., Any], status: str) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "text/plain"), ("Connection", "close")])
    return [b"The local AWS serves programs on this machine only, not web pages.\n"]
