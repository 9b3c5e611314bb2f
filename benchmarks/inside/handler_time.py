"""Run in a sandbox: how long our handler takes without the table, as a JSON list of microseconds.

The SDK's call is answered on the spot; everything else is real, the log line in the runtime's own JSON included.
"""

import importlib
import json
import logging
import os
import sys
import time
from pathlib import Path
from typing import Any

from phases import Context

WARM_UPS = 200


def main(calls: int) -> None:
    """Call the handler so many times, one by one."""
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    formats = importlib.import_module("awslambdaric.lambda_runtime_log_utils")
    botocore = importlib.import_module("botocore.client")
    botocore.BaseClient._make_api_call = lambda *_: {}
    function = importlib.import_module("request_unicorn")
    with Path(os.devnull).open("w") as nowhere:
        _log_as_the_runtime_does(formats.JsonFormatter(), nowhere)
        event = json.loads(os.environ["EVENT"])
        taken = [_call(function.handler, event) for _ in range(WARM_UPS + calls)]
    print(json.dumps(taken[WARM_UPS:]))


def _call(handler: Any, event: Any) -> float:
    context = Context()
    begun = time.perf_counter()
    answer = handler(event, context)
    took = time.perf_counter() - begun
    if answer["statusCode"] != 201:
        sys.exit(f"no ride: {answer}")
    return took * 1e6


def _log_as_the_runtime_does(formatter: logging.Formatter, stream: Any) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)


if __name__ == "__main__":
    main(int(sys.argv[1]))
