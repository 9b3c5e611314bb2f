"""Run in a sandbox: what our function's cold start spends its time on, as JSON: milliseconds by phase.

`python -S phases.py BEGUN`, where BEGUN is the parent's monotonic clock, in seconds, when it started this process.
"""

import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

started = time.monotonic()


class Context:
    """What our function uses of Lambda's context object."""

    aws_request_id = "benchmark"

    def get_remaining_time_in_millis(self) -> int:
        """Return as much time as a test has."""
        return 10_000


def main(begun: float) -> None:
    """Go through a cold start phase by phase."""
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    event = json.loads(os.environ["EVENT"])
    phases = {"start of Python": started - begun}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        before, clients = time.monotonic(), phases.get(CLIENT, 0.0)
        result = work()
        phases[name] = time.monotonic() - before - (phases.get(CLIENT, 0.0) - clients)
        return result

    timed("import of the runtime client", lambda: importlib.import_module("awslambdaric.bootstrap"))
    with importlib.import_module("collector").no_collections():
        botocore = timed("import of botocore", lambda: importlib.import_module("botocore.session"))
    create_client = botocore.Session.create_client

    def create_and_time(*arguments: Any, **options: Any) -> Any:
        before = time.monotonic()
        client = create_client(*arguments, **options)
        phases[CLIENT] = phases.get(CLIENT, 0.0) + time.monotonic() - before
        return client

    botocore.Session.create_client = create_and_time
    function = timed("import of the function", lambda: importlib.import_module("request_unicorn"))
    first = timed("first request", lambda: function.handler(event, Context()))
    second = timed("a second request, which is warm", lambda: function.handler(event, Context()))
    if {first["statusCode"], second["statusCode"]} != {201}:
        sys.exit(f"no ride: {first} {second}")
    print(json.dumps({name: seconds * 1000 for name, seconds in phases.items()}))


CLIENT = "making of the client"

if __name__ == "__main__":
    main(float(sys.argv[1]))
