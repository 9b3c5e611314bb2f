"""Checks user names against the API's UsernameType."""

import unicodedata

from local_aws.cognito.errors import invalid_parameter

LONGEST = 128
# From the service model: letters, marks, symbols, numbers and punctuation, but no spaces or control characters.
PATTERN = r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+"


def check(name: str) -> None:
    """Raise CognitoError unless a name is a valid user name."""
    if not name or any(unicodedata.category(char)[0] not in "LMSNP" for char in name):
        raise _violation(f"satisfy regular expression pattern: {PATTERN}")
    if len(name) > LONGEST:
        raise _violation(f"have length less than or equal to {LONGEST}")


def _violation(constraint: str) -> Exception:
    return invalid_parameter(
        "1 validation error detected: Value at 'username' failed to satisfy constraint: "
        f"Member must {constraint}"
    )
