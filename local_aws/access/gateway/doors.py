"""A port on loopback for each HTTP API, where its clients reach it."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.serving import BaseWSGIServer, make_server

from local_aws.access.gateway.application import Application, Exchange
from local_aws.access.gateway.received import request_of
from local_aws.access.http_server import HttpHandler
from local_aws.loopback import LOOPBACK, is_local_host

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

STOP_POLL_S = 0.05
FOREIGN = b"This local API answers programs and pages of this machine only.\n"


@dataclass(frozen=True)
class _Door:
    application: Application
    server: BaseWSGIServer
    thread: threading.Thread


class Doors:
    """The open doors; `record` is called with every exchange, once its answer is made."""

    def __init__(self, record: Callable[[str, Exchange], None]) -> None:
        self._record = record
        self._lock = threading.Lock()
        self._doors: dict[str, _Door] = {}

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
            self._doors[api_id] = _Door(application, server, thread)
        thread.start()
        return f"http://{LOOPBACK}:{server.server_port}"

    def close(self, api_id: str) -> None:
        """Stop serving an API."""
        with self._lock:
            door = self._doors.pop(api_id, None)
        if door:
            door.server.shutdown()
            door.server.server_close()
            door.application.close()

    def close_all(self) -> None:
        """Stop serving every API."""
        for api_id in list(self._doors):
            self.close(api_id)


def _is_of_this_machine(environ: "WSGIEnvironment") -> bool:
    """Whether the request names this machine, and no page of another site sends it (DNS rebinding, or across sites).

    A link on another site may be followed: a navigation shows its answer to a person, and to no script.
    """
    if not is_local_host(environ.get("HTTP_HOST", "")):
        return False
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None:
        return is_local_host(urlsplit(origin).netloc)
    navigates = environ.get("HTTP_SEC_FETCH_MODE", "navigate") == "navigate"
    return bool(navigates) or environ.get("HTTP_SEC_FETCH_SITE", "none") != "cross-site"
