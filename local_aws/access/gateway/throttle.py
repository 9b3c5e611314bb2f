"""Token buckets, after "Throttle requests to your HTTP APIs": limits of requests per second, and of bursts."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from local_aws.access.gateway.configuration import Limits


@dataclass
class _Bucket:
    tokens: float
    filled: float


class Throttle:
    """The buckets of an API's routes, by stage and route key; each starts full."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def admits(self, stage: str, route_key: str, limits: Limits) -> bool:
        """Take one token from a route's bucket; false if it has none."""
        if limits.rate is None or limits.burst is None:
            return True
        with self._lock:
            now = self._clock()
            bucket = self._buckets.setdefault((stage, route_key), _Bucket(limits.burst, now))
            earned = (now - bucket.filled) * limits.rate
            bucket.tokens = min(float(limits.burst), bucket.tokens + earned)
            bucket.filled = now
            if bucket.tokens < 1:
                return False
            bucket.tokens -= 1
            return True
