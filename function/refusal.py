"""The one exception of this function: a rider is refused, politely."""

# Status: the outcome its log line names, and the headers HTTP asks for beside it (RFC 9110).
_REFUSALS: dict[int, tuple[str, dict[str, str]]] = {
    400: ("bad_request", {}),
    401: ("no_rider", {}),
    405: ("wrong_method", {"Allow": "POST"}),
    422: ("key_reused", {}),
    500: ("fault", {}),
    503: ("table_unavailable", {"Retry-After": "1"}),
}


class Refusal(Exception):  # noqa: N818 - most refusals are no error of ours
    """A request that gets no ride: an HTTP status and a sentence for the rider.

    Raise it `from` what went wrong when something did: the log tells that, the answer never does.
    """

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.outcome, self.headers = _REFUSALS[status]
