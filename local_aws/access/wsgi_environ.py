"""The WSGI environment of a request (PEP 3333), with the additional keys that werkzeug and moto expect."""

import sys
from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit

from moto.core.request import (
    PRESERVED_HEADER_NAMES_ENVIRON_KEY,
    environ_key_for_header,
    should_preserve_original_header_name,
)

from local_aws.access.http_requests import HttpRequest

Address = tuple[str, int]


def wsgi_environ(request: HttpRequest, client: Address, server: Address) -> dict[str, Any]:
    """Return the environment of a request from `client` to `server`, each a host and a port."""
    target = urlsplit(request.target)
    path = target.path
    if not target.scheme and target.netloc:
        # A path that began with two slashes.
        path = f"/{target.netloc}{path}"
    environ: dict[str, Any] = {
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(request.body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(path).encode().decode("latin-1"),
        "QUERY_STRING": target.query,
        "REQUEST_URI": request.target,
        "RAW_URI": request.target,
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": client[1],
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{request.version}",
    }
    _add_headers(environ, request.headers)
    if target.scheme and target.netloc:
        environ["HTTP_HOST"] = target.netloc
    environ["CONTENT_LENGTH"] = str(len(request.body))
    return environ


def _add_headers(environ: dict[str, Any], headers: list[tuple[str, str]]) -> None:
    """Add the headers; names with an underscore only for S3's metadata, if there is none with a dash instead."""
    for name, value in headers:
        if "_" not in name:
            _add(environ, environ_key_for_header(name), value)
    names = [name for name, _ in headers if should_preserve_original_header_name(name)]
    preserved = {
        key: name for name in names if (key := environ_key_for_header(name)) not in environ
    }
    for name, value in headers if preserved else ():
        if "_" in name and (key := environ_key_for_header(name)) in preserved:
            _add(environ, key, value)
    environ[PRESERVED_HEADER_NAMES_ENVIRON_KEY] = preserved


def _add(environ: dict[str, Any], key: str, value: str) -> None:
    environ[key] = f"{environ[key]},{value}" if key in environ else value
