"""Lockout, after "Lockout behavior for failed sign-in attempts" of the Cognito guide."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

FREE_FAILURES = 5
LONGEST_S = 15 * 60.0


@dataclass
class _Failures:
    count: int
    locked_until: float


class Lockout:
    """Counts failed sign-ins: from the fifth on, each doubles the time of the lockout, up to 15 minutes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: dict[Hashable, _Failures] = {}

    def is_locked(self, user: Hashable) -> bool:
        """Whether the user is locked out; attempts then do not count."""
        failures = self._failures.get(user)
        if failures is None:
            return False
        if self._clock() >= failures.locked_until + LONGEST_S:
            del self._failures[user]
        return self._clock() < failures.locked_until

    def failed(self, user: Hashable) -> None:
        """Count a wrong password."""
        failures = self._failures.setdefault(user, _Failures(0, 0.0))
        failures.count += 1
        beyond = failures.count - FREE_FAILURES
        locked_s = min(2.0**beyond, LONGEST_S) if beyond >= 0 else 0.0
        failures.locked_until = self._clock() + locked_s

    def succeeded(self, user: Hashable) -> None:
        """Forget the user's failures."""
        self._failures.pop(user, None)
