"""Calls the Lambda functions behind the routes of an API, each for as long as its integration allows."""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

# A function runs to its end even if the gateway no longer waits for it; at most this many run at once.
WORKERS = 64


class IntegrationError(Exception):
    """The function could not be called, or it `ran` and failed; the message is for the access log only."""

    def __init__(self, message: str, *, ran: bool = False) -> None:
        super().__init__(message)
        self.ran = ran


# Invokes the function with an ARN on behalf of a route, by its ARN, with an event in JSON, and returns its payload.
# Raises IntegrationError.
Invoke = Callable[[str, str, bytes], bytes]


class Integrations:
    """Calls functions with `invoke` in threads whose names begin with `name`."""

    def __init__(self, invoke: Invoke, name: str) -> None:
        self._invoke = invoke
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix=name)

    def call(
        self, function_arn: str, source_arn: str, event: Mapping[str, Any], timeout_s: float
    ) -> bytes:
        """Return the function's payload for an event.

        Raises IntegrationError, and TimeoutError if the function takes longer than `timeout_s`.
        """
        payload = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        running = self._workers.submit(self._invoke, function_arn, source_arn, payload)
        return running.result(timeout_s)

    def close(self) -> None:
        """Start no more calls; those that are running are not waited for."""
        self._workers.shutdown(wait=False, cancel_futures=True)
