"""Codes that prove an address: six digits, valid once and for a limited time."""

import hmac
import secrets
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import Enum

# "Quotas in Amazon Cognito": how many wrong codes may be tried.
WRONG_TRIES = 5


class Purpose(Enum):
    """What a code is for; the value is how long it is valid, in seconds: "Quotas in Amazon Cognito"."""

    SIGN_UP = 24 * 60 * 60.0
    RESET = 60 * 60.0


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
    """The last code that was sent for each key, such as a user and a purpose."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sent: dict[Hashable, _Sent] = {}

    def issue(self, key: Hashable, valid_s: float) -> str:
        """Return a new code, valid for `valid_s` seconds; the previous one is no longer valid."""
        code = f"{secrets.randbelow(1_000_000):06d}"
        self._sent[key] = _Sent(code, self._clock() + valid_s)
        return code

    def redeem(self, key: Hashable, code: str) -> None:
        """Use up a code. Raises WrongCodeError, ExpiredCodeError or TooManyTriesError."""
        sent = self._sent.get(key)
        if sent is None or self._clock() >= sent.expires:
            raise ExpiredCodeError
        if sent.wrong >= WRONG_TRIES:
            raise TooManyTriesError
        if not hmac.compare_digest(sent.code.encode(), code.encode()):
            sent.wrong += 1
            raise WrongCodeError
        del self._sent[key]
