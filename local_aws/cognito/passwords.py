"""Password policies, after "Adding user pool password requirements"."""

import re
from collections.abc import Mapping
from typing import Any

SYMBOLS = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- "
LONGEST = 256
_RULES = (
    ("RequireUppercase", re.compile("[A-Z]"), "have uppercase characters"),
    ("RequireLowercase", re.compile("[a-z]"), "have lowercase characters"),
    ("RequireNumbers", re.compile("[0-9]"), "have numeric characters"),
    ("RequireSymbols", re.compile(f"[{re.escape(SYMBOLS)}]"), "have symbol characters"),
)


def complaint(password: str, policy: Mapping[str, Any]) -> str | None:
    """Return how Cognito words that a password does not conform to a policy; None if it does."""
    why = None
    if len(password) < int(policy.get("MinimumLength", 8)):
        why = "Password not long enough"
    elif len(password) > LONGEST:
        why = "Password too long"
    for name, pattern, words in _RULES:
        if why is None and policy.get(name) and not pattern.search(password):
            why = f"Password must {words}"
    return why and f"Password did not conform with policy: {why}"
