"""The pool of execution environments: idle ones are reused, and the number of busy ones is limited."""

import contextlib
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from functools import partial

from local_aws.functions.environment import EnvironmentStartError, ExecutionEnvironment
from local_aws.functions.function_version import FunctionVersion

# The limit of a function without reserved concurrency. An AWS account has 10 when it is new, and 1,000 later.
CONCURRENCY_LIMIT = 64
# AWS does not document how long Lambda keeps an idle environment; users report several minutes.
IDLE_LIMIT_S = 300
# Lambda freezes an environment at once. This delay makes requests in quick succession faster: freezing takes many
# system calls, and meanwhile other requests wait for the interpreter.
FREEZE_AFTER_S = 0.1
# Environments end before their credentials expire, after twelve hours.
AGE_LIMIT_S = 11 * 60 * 60
# How long an aborted request may take to return its environment when the pool is closed.
RETURN_LIMIT_S = 5


class ThrottledError(Exception):
    """All execution environments that the function may have are busy; `reason` is Lambda's name of the limit."""

    # Lambda's message to the caller.
    sentence = "Rate Exceeded."

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class EnvironmentPool:
    """Lends an environment to each request: an idle one, or a new one from `start`."""

    def __init__(
        self,
        start: Callable[[FunctionVersion], ExecutionEnvironment],
        idle_limit_s: float = IDLE_LIMIT_S,
    ) -> None:
        self._start = start
        self._idle_limit_s = idle_limit_s
        # Notified when a request ends.
        self._lock = threading.Condition()
        self._idle: defaultdict[tuple[str, ...], list[ExecutionEnvironment]] = defaultdict(list)
        self._lent: set[ExecutionEnvironment] = set()
        # Lent ones of deleted functions, which are closed afterwards.
        self._of_deleted: set[ExecutionEnvironment] = set()
        self._busy: Counter[tuple[str, ...]] = Counter()
        self._closed = threading.Event()
        # The environments to freeze, with the time when each was given back, unless it has been lent again.
        self._resting: deque[tuple[float, ExecutionEnvironment]] = deque()
        self._given_back = threading.Event()
        for work in (self._reap, self._freeze):
            threading.Thread(target=work, name=f"pool{work.__name__}", daemon=True).start()

    @contextlib.contextmanager
    def lease(self, function: FunctionVersion) -> Iterator[ExecutionEnvironment]:
        """Lend an environment for one request.

        Idle environments with older code or configuration are ended; the environment is closed if it is then unfit.
        Raises ThrottledError at the limit, EnvironmentStartError once the pool is closed, and what `start` raises.
        """
        with (
            self._counted(function),
            self._lent_out(self._warm(function) or self._cold(function)) as environment,
        ):
            yield environment

    def again(
        self, function: FunctionVersion
    ) -> contextlib.AbstractContextManager[ExecutionEnvironment]:
        """Lend a new environment to a request, after the init of its first environment has failed."""
        return self._lent_out(self._cold(function))

    @contextlib.contextmanager
    def _lent_out(self, environment: ExecutionEnvironment) -> Iterator[ExecutionEnvironment]:
        try:
            yield environment
        except BaseException:
            environment.fit = False
            raise
        finally:
            self._give_back(environment, keep=environment.fit)

    def busy(self, function: FunctionVersion) -> int:
        """Return how many requests of the function are running, of all versions."""
        return self._busy[function.function_key]

    def busy_in_region(self, function: FunctionVersion) -> int:
        """Return how many requests of all functions in the function's account and region are running."""
        with self._lock:
            return sum(n for key, n in self._busy.items() if key[:2] == function.function_key[:2])

    def end(self, key: tuple[str, ...]) -> None:
        """End the environments of versions whose key begins with these parts; busy ones after their request."""
        with self._lock:
            self._of_deleted.update(
                lent for lent in self._lent if lent.function.version_key[: len(key)] == key
            )
        self._end(self._take_idle(lambda idle: idle.function.version_key[: len(key)] == key))

    @property
    def closed(self) -> bool:
        """Whether the pool is closed."""
        return self._closed.is_set()

    def close(self) -> None:
        """End all environments, and abort running requests, which then give back theirs."""
        with self._lock:
            self._closed.set()
            for environment in self._lent:
                environment.end()
        self._given_back.set()
        self._end(self._take_idle(lambda _: True))
        with self._lock:
            self._lock.wait_for(lambda: self._busy.total() == 0, RETURN_LIMIT_S)

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
                self._lock.notify_all()

    def _warm(self, function: FunctionVersion) -> ExecutionEnvironment | None:
        """Return the idle environment that was used last; ends the outdated ones if it is one of them."""
        while environment := self._take_last(function):
            if _suits(environment, function) and environment.alive:
                return environment
            self._give_back(environment, keep=False)
            self._end(
                self._take_idle(
                    lambda idle: (
                        idle.function.version_key == function.version_key
                        and not _suits(idle, function)
                    )
                )
            )
        return None

    def _take_last(self, function: FunctionVersion) -> ExecutionEnvironment | None:
        with self._lock:
            idle = self._idle[function.version_key]
            if not idle:
                return None
            self._lent.add(idle[-1])
            return idle.pop()

    def _cold(self, function: FunctionVersion) -> ExecutionEnvironment:
        environment = self._start(function)
        with self._lock:
            if not self.closed:
                self._lent.add(environment)
                return environment
        environment.close()
        raise EnvironmentStartError("The local AWS is being stopped.")

    def _give_back(self, environment: ExecutionEnvironment, *, keep: bool) -> None:
        with self._lock:
            self._lent.discard(environment)
            keep = keep and not self.closed and environment not in self._of_deleted
            self._of_deleted.discard(environment)
            if keep:
                environment.idle_since = time.monotonic()
                self._idle[environment.function.version_key].append(environment)
        if keep:
            self._resting.append((environment.idle_since, environment))
            self._given_back.set()
        else:
            environment.close()

    def _freeze(self) -> None:
        """Freeze each environment after it has been idle for FREEZE_AFTER_S, unless it was lent again.

        The thread wakes up once in FREEZE_AFTER_S, however many requests end in that time.
        """
        while not self._closed.wait(FREEZE_AFTER_S):
            while self._resting and self._resting[0][0] + FREEZE_AFTER_S <= time.monotonic():
                idle_since, environment = self._resting.popleft()
                if environment.idle_since == idle_since:
                    environment.freeze()
            self._given_back.clear()
            if not self._resting:
                self._given_back.wait()

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
            environment.end()
        for environment in environments:
            environment.close()


def _suits(idle: ExecutionEnvironment, function: FunctionVersion) -> bool:
    """Whether it runs the function's code and configuration as they are now, with credentials that last."""
    return idle.function == function and idle.age_s <= AGE_LIMIT_S


def _idle_since_before(moment: float, idle: ExecutionEnvironment) -> bool:
    return idle.idle_since < moment
