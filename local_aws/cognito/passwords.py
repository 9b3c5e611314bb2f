"""Checks new passwords against the API's PasswordType, and a policy: "Adding user pool password requirements"."""

import re
from collections.abc import Mapping
from typing import Any

from local_aws.cognito.errors import CognitoError, invalid_parameter

SYMBOLS = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- "
LONGEST = 256
# As in Cognito's error messages. The service model still has [\S]+, which does not allow spaces.
PATTERN = r"^[\S]+.*[\S]+$"
_RULES = (
    ("RequireUppercase", re.compile("[A-Z]"), "have uppercase characters"),
    ("RequireLowercase", re.compile("[a-z]"), "have lowercase characters"),
    ("RequireNumbers", re.compile("[0-9]"), "have numeric characters"),
    ("RequireSymbols", re.compile(f"[{re.escape(SYMBOLS)}]"), "have symbol characters"),
)


def check(password: str, policy: Mapping[str, Any]) -> None:
    """Raise CognitoError unless a new password is valid for the API and conforms to the policy."""
    if not re.fullmatch(PATTERN, password):
        raise invalid_parameter(
            "1 validation error detected: Value at 'password' failed to satisfy constraint: "
            f"Member must satisfy regular expression pattern: {PATTERN}"
        )
    if why := complaint(password, policy):
        raise CognitoError("InvalidPasswordException", why)


def complaint(password: str, policy: Mapping[str, Any]) -> str | None:
    """Return Cognito's message about a password that does not conform to a policy; None if it does."""
    why = None
    if len(password) < int(policy.get("MinimumLength", 8)):
        why = "Password not long enough"
    elif len(password) > LONGEST:
        why = "Password too long"
    for name, pattern, words in _RULES:
        if why is None and policy.get(name) and not pattern.search(password):
            why = f"Password must {words}"
    return why and f"Password did not conform with policy: {why}"
