"""HTTP/1.1 with persistent connections; werkzeug's own handler closes the connection after each request."""

import traceback
from http import HTTPStatus
from io import BytesIO
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.exceptions import InternalServerError
from werkzeug.test import run_wsgi_app
from werkzeug.wsgi import get_content_length


class KeepAliveHandler(MotoRequestHandler):  # type: ignore[misc] # moto is untyped under --strict
    """Serves the requests of one connection: reads each request whole and writes each response whole."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def run_wsgi(self) -> None:
        """Answer one request, of any method."""
        environ = self.environ = self.make_environ()
        environ["wsgi.input"] = BytesIO(self._body(environ))
        try:
            chunks, status, headers = run_wsgi_app(self.server.app, environ, buffered=True)
        except Exception:
            self.server.log("error", "Error on request:\n%s", traceback.format_exc())
            chunks, status, headers = run_wsgi_app(InternalServerError(), environ, buffered=True)
        body = b"".join(chunks)
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        if int(code) not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
            headers.setdefault("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def handle_expect_100(self) -> bool:
        """Send `100 Continue`, for which the client waits before it sends the body."""
        proceed: bool = super().handle_expect_100()
        self.wfile.flush()
        return proceed

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Print no line for each request: a Terraform apply sends hundreds."""

    def _body(self, environ: dict[str, Any]) -> bytes:
        chunked = "wsgi.input_terminated" in environ
        length = -1 if chunked else get_content_length(environ) or 0
        body: bytes = environ["wsgi.input"].read(length)
        environ["CONTENT_LENGTH"] = str(len(body))
        return body
