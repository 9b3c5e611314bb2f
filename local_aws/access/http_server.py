"""HTTP/1.1 with persistent connections: h11 parses the requests and frames the responses.

h11 follows RFC 9112 strictly, so a request whose length is malformed or that is cut off never reaches the services.
"""

import contextlib
import traceback
from email.utils import formatdate
from http import HTTPStatus
from io import BytesIO
from typing import Any

import h11
from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.datastructures import Headers
from werkzeug.exceptions import InternalServerError
from werkzeug.test import run_wsgi_app

READ_BYTES = 1 << 16
# The limit of http.server for one line; h11's applies to all headers of a request together.
MAX_HEADER_BYTES = 1 << 16


class HttpHandler(MotoRequestHandler):  # type: ignore[misc] # moto is untyped under --strict
    """Serves the requests of one connection, in a thread of its own: reads each request whole, then answers it.

    werkzeug provides the threads and moto the WSGI environment; neither reads from the connection.
    """

    disable_nagle_algorithm = True

    def handle(self) -> None:
        """Serve requests until either side closes the connection."""
        http = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEADER_BYTES)
        # The client may close the connection at any time.
        with contextlib.suppress(ConnectionError):
            while self._serve_request(http):
                http.start_next_cycle()

    def _serve_request(self, http: h11.Connection) -> bool:
        """Serve one request; returns whether the connection can carry another."""
        try:
            request, body = self._read_request(http)
        except h11.RemoteProtocolError as error:
            self._refuse(http, error)
            return False
        if request is None:
            return False
        code, reason, headers, response = self._respond(request, body)
        self._send(http, request.method, code, reason, headers, response)
        return http.our_state is h11.DONE and http.their_state is h11.DONE

    def _read_request(self, http: h11.Connection) -> tuple[h11.Request | None, bytes]:
        """Return the next request and its body; None if the client has closed the connection.

        Raises h11.RemoteProtocolError for a malformed or incomplete request.
        """
        request, body = None, []
        while True:
            event = http.next_event()
            if event is h11.NEED_DATA:
                if http.they_are_waiting_for_100_continue:
                    self.connection.sendall(
                        http.send(
                            h11.InformationalResponse(
                                status_code=100, headers=[], reason="Continue"
                            )
                        )
                    )
                http.receive_data(self.connection.recv(READ_BYTES))
            elif isinstance(event, h11.Request):
                request = event
            elif isinstance(event, h11.Data):
                body.append(event.data)
            elif isinstance(event, h11.EndOfMessage):
                return request, b"".join(body)
            else:
                return None, b""

    def _respond(self, request: h11.Request, body: bytes) -> tuple[int, str, Headers, bytes]:
        environ = self._environ(request, body)
        try:
            chunks, status, headers = run_wsgi_app(self.server.app, environ, buffered=True)
        except Exception:
            self.server.log("error", "Error on request:\n%s", traceback.format_exc())
            chunks, status, headers = run_wsgi_app(InternalServerError(), environ, buffered=True)
        code, _, reason = status.partition(" ")
        return int(code), reason, headers, b"".join(chunks)

    def _environ(self, request: h11.Request, body: bytes) -> dict[str, Any]:
        self.command = request.method.decode("ascii")
        self.path = request.target.decode("ascii")
        self.request_version = f"HTTP/{request.http_version.decode('ascii')}"
        self.headers = Headers(
            [
                (name.decode("ascii"), value.decode("latin-1"))
                for name, value in request.headers.raw_items()
            ]
        )
        environ: dict[str, Any] = self.make_environ()
        environ["wsgi.input"] = BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        return environ

    def _send(
        self,
        http: h11.Connection,
        method: bytes,
        code: int,
        reason: str,
        headers: Headers,
        body: bytes,
    ) -> None:
        has_body = method != b"HEAD" and code not in (
            HTTPStatus.NO_CONTENT,
            HTTPStatus.NOT_MODIFIED,
        )
        headers.setdefault("Date", formatdate(usegmt=True))
        if has_body:
            headers["Content-Length"] = str(len(body))
        fields = [(name, value.strip()) for name, value in headers]
        parts = [http.send(h11.Response(status_code=code, reason=reason, headers=fields))]
        if has_body:
            parts.append(http.send(h11.Data(data=body)))
        parts.append(http.send(h11.EndOfMessage()))
        self.connection.sendall(b"".join(part for part in parts if part))

    def _refuse(self, http: h11.Connection, error: h11.RemoteProtocolError) -> None:
        """Answer a malformed request, unless the client has already closed the connection."""
        body = f"The local AWS cannot read this request: {error}\n".encode()
        headers = Headers({"Content-Type": "text/plain", "Connection": "close"})
        if http.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self._send(http, b"", error.error_status_hint, "", headers, body)
