"""The execution environments of every function: warm ones are used again, up to a limit of busy ones."""

import contextlib
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import partial

from local_aws.environment import ExecutionEnvironment
from local_aws.function_version import FunctionVersion

# The limit of a function that reserves no concurrency. An AWS account has 10 when it is new, 1,000 later.
CONCURRENCY_LIMIT = 64
# Lambda does not tell how long it keeps an idle environment; some minutes is what people see.
IDLE_LIMIT_S = 300
# Environments end well before their credentials, which last twelve hours.
AGE_LIMIT_S = 11 * 60 * 60


class ThrottledError(Exception):
    """Every execution environment that the function may have is busy; `reason` is Lambda's word for which limit."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class EnvironmentPool:
    """Gives each request an environment of its own: a warm one if there is one, else a new one from `start`."""

    def __init__(
        self,
        start: Callable[[FunctionVersion], ExecutionEnvironment],
        idle_limit_s: float = IDLE_LIMIT_S,
    ) -> None:
        self._start = start
        self._idle_limit_s = idle_limit_s
        self._lock = threading.Lock()
        self._idle: defaultdict[tuple[str, ...], list[ExecutionEnvironment]] = defaultdict(list)
        self._busy: Counter[tuple[str, ...]] = Counter()
        self._closed = threading.Event()
        threading.Thread(target=self._reap, name="reaper", daemon=True).start()

    @contextlib.contextmanager
    def lease(self, function: FunctionVersion) -> Iterator[ExecutionEnvironment]:
        """Lend an environment for one request.

        Idle environments of older code or configuration are ended; one that is unfit afterwards is not kept.
        Raises ThrottledError at the limit, and what `start` raises.
        """
        with self._counted(function):
            environment = self._warm(function) or self._start(function)
            try:
                yield environment
            except BaseException:
                environment.fit = False
                raise
            finally:
                self._give_back(environment)

    def busy(self, function: FunctionVersion) -> int:
        """Return how many of the function's requests are running, whatever its version."""
        return self._busy[function.function_key]

    def busy_in_region(self, function: FunctionVersion) -> int:
        """Return how many requests are running of all functions in the function's account and region."""
        with self._lock:
            return sum(n for key, n in self._busy.items() if key[:2] == function.function_key[:2])

    def close(self) -> None:
        """End every idle environment now, and each busy one when its request ends."""
        self._closed.set()
        self._end(self._take_idle(lambda _: True))

    @contextlib.contextmanager
    def _counted(self, function: FunctionVersion) -> Iterator[None]:
        reserved = function.reserved_concurrency
        limit = CONCURRENCY_LIMIT if reserved is None else reserved
        with self._lock:
            if self._busy[function.function_key] >= limit:
                kind = (
                    "ConcurrentInvocation"
                    if reserved is None
                    else "ReservedFunctionConcurrentInvocation"
                )
                raise ThrottledError(f"{kind}LimitExceeded")
            self._busy[function.function_key] += 1
        try:
            yield
        finally:
            with self._lock:
                self._busy[function.function_key] -= 1

    def _warm(self, function: FunctionVersion) -> ExecutionEnvironment | None:
        self._end(
            self._take_idle(
                lambda idle: (
                    idle.function.version_key == function.version_key
                    and (idle.function != function or idle.age_s > AGE_LIMIT_S)
                )
            )
        )
        with self._lock:
            idle = self._idle[function.version_key]
            return idle.pop() if idle else None

    def _give_back(self, environment: ExecutionEnvironment) -> None:
        with self._lock:
            keep = environment.fit and not self._closed.is_set()
            if keep:
                environment.idle_since = time.monotonic()
                self._idle[environment.function.version_key].append(environment)
        if not keep:
            environment.close()

    def _reap(self) -> None:
        while not self._closed.wait(self._idle_limit_s / 4):
            oldest = time.monotonic() - self._idle_limit_s
            self._end(self._take_idle(partial(_idle_since_before, oldest)))

    def _take_idle(
        self, wanted: Callable[[ExecutionEnvironment], bool]
    ) -> list[ExecutionEnvironment]:
        with self._lock:
            taken = [idle for kept in self._idle.values() for idle in kept if wanted(idle)]
            for environment in taken:
                self._idle[environment.function.version_key].remove(environment)
        return taken

    @staticmethod
    def _end(environments: list[ExecutionEnvironment]) -> None:
        for environment in environments:
            environment.close()


def _idle_since_before(moment: float, idle: ExecutionEnvironment) -> bool:
    return idle.idle_since < moment
