"""Opens a port on loopback for each HTTP API."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.serving import BaseWSGIServer, make_server

from local_aws.access.gateway.application import Application, Exchange
from local_aws.access.gateway.request import request_of
from local_aws.access.http_server import HttpHandler
from local_aws.loopback import LOOPBACK, is_local_host

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

STOP_POLL_S = 0.05
FOREIGN = b"This local API answers only programs and web pages on this machine.\n"


@dataclass(frozen=True)
class _Listener:
    application: Application
    server: BaseWSGIServer
    thread: threading.Thread


class Listeners:
    """The servers of all HTTP APIs, by API id; `record` gets each API's exchanges, once they are answered."""

    def __init__(self, record: Callable[[str, Exchange], None]) -> None:
        self._record = record
        self._lock = threading.Lock()
        self._listeners: dict[str, _Listener] = {}

    def open(self, api_id: str, application: Application) -> str:
        """Serve an API on a free port; returns its endpoint, such as `http://127.0.0.1:40123`."""

        def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
            if not _is_of_this_machine(environ):
                start_response("421 Misdirected Request", [("Content-Type", "text/plain")])
                return [FOREIGN]
            body, host = environ["wsgi.input"].read(), environ.get("HTTP_HOST", "")
            exchange = application.answer(request_of(environ, body, host))
            self._record(api_id, exchange)
            headers = list(exchange.answer.headers)
            start_response(f"{exchange.answer.status} ", headers)
            return [exchange.answer.body]

        server = make_server(LOOPBACK, 0, answer, threaded=True, request_handler=HttpHandler)
        thread = threading.Thread(
            target=server.serve_forever, args=(STOP_POLL_S,), name=f"api-{api_id}", daemon=True
        )
        with self._lock:
            self._listeners[api_id] = _Listener(application, server, thread)
        thread.start()
        return f"http://{LOOPBACK}:{server.server_port}"

    def close(self, api_id: str) -> None:
        """Stop serving an API."""
        with self._lock:
            listener = self._listeners.pop(api_id, None)
        if listener:
            listener.server.shutdown()
            listener.server.server_close()
            listener.application.close()

    def close_all(self) -> None:
        """Stop serving every API."""
        for api_id in list(self._listeners):
            self.close(api_id)


def _is_of_this_machine(environ: "WSGIEnvironment") -> bool:
    """Whether the Host is this machine and no page of another site sends the request, by fetch or by DNS rebinding.

    Links on other sites may be followed: the answer to a navigation is shown to a person and not to a script.
    """
    if not is_local_host(environ.get("HTTP_HOST", "")):
        return False
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None:
        return is_local_host(urlsplit(origin).netloc)
    navigates = environ.get("HTTP_SEC_FETCH_MODE", "navigate") == "navigate"
    return bool(navigates) or environ.get("HTTP_SEC_FETCH_SITE", "none") != "cross-site"
