"""The tracing header of the request that moto is answering: services pass it on with what they send."""

import flask

HEADER = "X-Amzn-Trace-Id"


def header() -> str | None:
    """Return the header; None outside a request, or if there is none."""
    return flask.request.headers.get(HEADER) if flask.has_request_context() else None
