"""The warm execution environments, and who may have one."""

import contextlib
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from local_aws.environment import ExecutionEnvironment
from local_aws.function_version import FunctionVersion

# Lambda's own default for an account is 1,000; one machine stops well before.
CONCURRENCY_LIMIT = 64

Key = tuple[str, str, str, str]


class ThrottledError(Exception):
    """Every execution environment the function may have is busy."""


class EnvironmentPool:
    """Gives each request an environment of its own: a warm one if there is one, else a new one from `start`."""

    def __init__(self, start: Callable[[FunctionVersion], ExecutionEnvironment]) -> None:
        self._start = start
        self._lock = threading.Lock()
        self._idle: defaultdict[Key, list[ExecutionEnvironment]] = defaultdict(list)
        self._busy: Counter[Key] = Counter()
        self._closed = False

    @contextlib.contextmanager
    def lease(
        self, function: FunctionVersion, limit: int = CONCURRENCY_LIMIT
    ) -> Iterator[ExecutionEnvironment]:
        """Lend an environment for one request; raises ThrottledError past `limit` at once.

        An idle environment of older code or configuration is ended; one that is unfit afterwards is not kept.
        """
        with self._lock:
            if self._busy[function.key] >= limit:
                raise ThrottledError
            self._busy[function.key] += 1
            environment, stale = self._take(function)
        try:
            for old in stale:
                old.close()
            environment = environment or self._start(function)
            try:
                yield environment
            except BaseException:
                environment.fit = False
                raise
            finally:
                self._give_back(environment)
        finally:
            with self._lock:
                self._busy[function.key] -= 1

    def close(self) -> None:
        """End every idle environment, and each busy one when its request ends."""
        with self._lock:
            self._closed = True
            idle = [environment for kept in self._idle.values() for environment in kept]
            self._idle.clear()
        for environment in idle:
            environment.close()

    def _take(
        self, function: FunctionVersion
    ) -> tuple[ExecutionEnvironment | None, list[ExecutionEnvironment]]:
        idle = self._idle[function.key]
        stale = [environment for environment in idle if environment.function != function]
        fresh = [environment for environment in idle if environment.function == function]
        self._idle[function.key] = fresh
        return (fresh.pop() if fresh else None), stale

    def _give_back(self, environment: ExecutionEnvironment) -> None:
        with self._lock:
            keep = environment.fit and not self._closed
            if keep:
                self._idle[environment.function.key].append(environment)
        if not keep:
            environment.close()
