"""Imported in an execution environment: the runtime stops itself once, with the first request in hand, after init.

Whoever watches it then gives it the function's share of a processor, and lets it go on.
"""

import os
import signal

from awslambdaric.lambda_runtime_client import LambdaRuntimeClient

_wait = LambdaRuntimeClient.wait_next_invocation


def wait_and_stop(client: LambdaRuntimeClient) -> object:
    """Wait for the first request; `bootstrap` puts its own function in this one's place then."""
    request = _wait(client)
    os.kill(os.getpid(), signal.SIGSTOP)
    return request


LambdaRuntimeClient.wait_next_invocation = wait_and_stop
