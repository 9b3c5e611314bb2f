"""Refuses requests that a web page could send: the server is for programs on this machine, not for its browser."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from local_aws.loopback import LOOPBACK_NAMES

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class SameMachineOnly:
    """WSGI middleware.

    A foreign site can reach loopback in two ways: under its own name (DNS rebinding, so the Host is not a loopback
    name), or across origins (the browser then sends Origin). AWS SDKs and Terraform do neither.
    """

    def __init__(self, application: Wsgi) -> None:
        self._application = application

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Handle one request: 421 for a foreign Host, 403 for a cross-origin request."""
        if not _is_loopback(environ.get("HTTP_HOST", "")):
            return _refuse(start_response, "421 Misdirected Request")
        if "HTTP_ORIGIN" in environ or environ.get("HTTP_SEC_FETCH_SITE", "none") != "none":
            return _refuse(start_response, "403 Forbidden")
        return self._application(environ, start_response)


def _is_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name in LOOPBACK_NAMES or name.endswith(".localhost")


def _refuse(start_response: Callable[..., Any], status: str) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "text/plain"), ("Connection", "close")])
    return [b"The local AWS serves programs on this machine only, not web pages.\n"]
