"""Codes that prove an address: six digits, valid once and for a limited time."""

import hmac
import secrets
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

# "Quotas in Amazon Cognito": how long codes are valid, and how many wrong ones may be tried.
SIGN_UP_S = 24 * 60 * 60.0
RESET_S = 60 * 60.0
WRONG_TRIES = 5


class WrongCodeError(Exception):
    """The code is not the one that was sent."""


class ExpiredCodeError(Exception):
    """No code that is still valid was sent."""


class TooManyTriesError(Exception):
    """Too many wrong codes were tried; a new one must be requested."""


@dataclass
class _Sent:
    code: str
    expires: float
    wrong: int = 0


class Codes:
    """The last code sent for each purpose."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sent: dict[Hashable, _Sent] = {}

    def issue(self, purpose: Hashable, valid_s: float) -> str:
        """Return a new code, valid for `valid_s` seconds; the previous one is no longer valid."""
        code = f"{secrets.randbelow(1_000_000):06d}"
        self._sent[purpose] = _Sent(code, self._clock() + valid_s)
        return code

    def redeem(self, purpose: Hashable, code: str) -> None:
        """Use up a code. Raises WrongCodeError, ExpiredCodeError or TooManyTriesError."""
        sent = self._sent.get(purpose)
        if sent is None or self._clock() >= sent.expires:
            raise ExpiredCodeError
        if sent.wrong >= WRONG_TRIES:
            raise TooManyTriesError
        if not hmac.compare_digest(sent.code.encode(), code.encode()):
            sent.wrong += 1
            raise WrongCodeError
        del self._sent[purpose]
