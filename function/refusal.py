"""The function's only exception: the request is refused. Its sentences are in request.py and record.py."""

# HTTP status: the outcome in the log line, and the headers that RFC 9110 requires with it.
_REFUSALS: dict[int, tuple[str, dict[str, str]]] = {
    400: ("bad_request", {}),
    401: ("no_rider", {}),
    405: ("wrong_method", {"Allow": "POST"}),
    422: ("key_reused", {}),
    500: ("fault", {}),
    503: ("table_unavailable", {"Retry-After": "1"}),
}


class Refusal(Exception):  # noqa: N818 - most refusals are the client's error, not ours
    """A request without a ride: an HTTP status and a sentence for the rider.

    If an exception caused it, raise it `from` that one: the cause is logged but never in the answer.
    """

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.outcome, self.headers = _REFUSALS[status]
