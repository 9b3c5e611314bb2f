"""Answers of a function, as invoke.py gives them."""

import json

from scripts.calling.invocation import Invocation


def invocation(
    response: object, *log: object, status: int | None = 201, function_error: str | None = None
) -> Invocation:
    """Return an answer as invoke.py gives it; of the log, what is no text is a line of JSON."""
    return Invocation(
        function="RequestUnicorn",
        status=status,
        function_error=function_error,
        response=response,
        log=tuple(line if isinstance(line, str) else json.dumps(line) for line in log),
        request_id="f76c4be8-5023-4a6f-9a3f-9e69dc8e5496",
        duration_ms=4.2,
    )
