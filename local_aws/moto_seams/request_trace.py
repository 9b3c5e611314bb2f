"""The tracing header of the request that moto handles, which services pass on with messages and events."""

import flask

HEADER = "X-Amzn-Trace-Id"


def header() -> str | None:
    """Return the header; None if the request has none, or outside a request."""
    return flask.request.headers.get(HEADER) if flask.has_request_context() else None
