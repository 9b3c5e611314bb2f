"""What a user name must be: the API's UsernameType."""

import unicodedata

from local_aws.cognito.errors import invalid_parameter

LONGEST = 128
# As the service model has it: letters, marks, symbols, numbers and punctuation, so no space and no control character.
PATTERN = r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+"


def check(name: str) -> None:
    """Raise CognitoError unless a name can be a user's."""
    if not name or any(unicodedata.category(char)[0] not in "LMSNP" for char in name):
        raise _unfit(f"satisfy regular expression pattern: {PATTERN}")
    if len(name) > LONGEST:
        raise _unfit(f"have length less than or equal to {LONGEST}")


def _unfit(constraint: str) -> Exception:
    return invalid_parameter(
        "1 validation error detected: Value at 'username' failed to satisfy constraint: "
        f"Member must {constraint}"
    )
