"""How long a function ran between two requests, in ticks of the thread of functions/ticking.py."""

import time
from collections.abc import Callable, Mapping
from typing import Any

TICKING = "ticking.py"


def ticks_between_requests(invoke: Callable[[], Mapping[str, Any]], seconds: float) -> int:
    """Return how often the thread ticked between two requests so far apart: 100 times a second if nothing stops it."""
    before = invoke()["Payload"]
    time.sleep(seconds)
    return int(invoke()["Payload"]) - int(before)
