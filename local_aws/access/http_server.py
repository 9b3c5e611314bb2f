"""HTTP/1.1 with persistent connections; werkzeug provides a thread for each connection."""

import contextlib
import traceback
from email.utils import formatdate
from http import HTTPStatus

from werkzeug.datastructures import Headers
from werkzeug.exceptions import InternalServerError
from werkzeug.serving import WSGIRequestHandler
from werkzeug.test import run_wsgi_app

from local_aws.access.http_requests import HttpRequest, MalformedRequestError, RequestReader
from local_aws.access.wsgi_environ import wsgi_environ

NO_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


class HttpHandler(WSGIRequestHandler):
    """Serves the requests of one connection in its own thread: reads each complete request, and then answers it."""

    disable_nagle_algorithm = True

    def handle(self) -> None:
        """Serve requests until either side closes the connection."""
        reader = RequestReader(self.connection)
        # The client may close the connection at any time.
        with contextlib.suppress(ConnectionError):
            while self._serve_request(reader):
                pass

    def _serve_request(self, reader: RequestReader) -> bool:
        """Serve one request; returns whether the connection can be used for another one."""
        try:
            request = reader.read()
        except MalformedRequestError as error:
            self._refuse(error)
            return False
        if request is None:
            return False
        code, reason, headers, response = self._respond(request)
        if not request.keep_alive:
            headers["Connection"] = "close"
        has_body = request.method != "HEAD" and code not in NO_BODY
        self._send(code, reason, headers, response if has_body else None)
        return headers.get("Connection", "").lower() != "close"

    def _respond(self, request: HttpRequest) -> tuple[int, str, Headers, bytes]:
        environ = wsgi_environ(request, self.client_address, (self.server.host, self.server.port))
        try:
            chunks, status, headers = run_wsgi_app(self.server.app, environ, buffered=True)
        # A mistake in the application must not end the connection without an answer.
        except Exception:
            self.server.log("error", "Error on request:\n%s", traceback.format_exc())
            chunks, status, headers = run_wsgi_app(InternalServerError(), environ, buffered=True)
        code, _, reason = status.partition(" ")
        return int(code), reason, headers, b"".join(chunks)

    def _send(self, code: int, reason: str, headers: Headers, body: bytes | None) -> None:
        """Send a response with its Content-Length; without a body if that is None, whatever the headers say."""
        headers.setdefault("Date", formatdate(usegmt=True))
        headers.remove("Transfer-Encoding")
        if body is not None:
            headers["Content-Length"] = str(len(body))
        lines = [f"HTTP/1.1 {code} {reason}"]
        lines += [f"{name}: {value.strip()}" for name, value in headers]
        head = "\r\n".join([*lines, "", ""]).encode("latin-1")
        self.connection.sendall(head + (body or b""))

    def _refuse(self, error: MalformedRequestError) -> None:
        """Answer a malformed request."""
        body = f"The local AWS cannot read this request: {error}\n".encode()
        headers = Headers({"Content-Type": "text/plain", "Connection": "close"})
        status = HTTPStatus.BAD_REQUEST
        self._send(status, status.phrase, headers, body)
