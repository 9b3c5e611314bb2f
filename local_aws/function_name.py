"""The ways in which a request may name a function, after "FunctionName" in the API reference of Invoke."""

import re
from dataclasses import dataclass

# "my-function", "my-function:v1", an ARN, or the end of one from the region, the account or "function:" on.
_NAME = re.compile(
    r"(?:arn:aws[a-zA-Z-]*:lambda:)?"
    r"(?:(?P<region>[a-z]{2}(?:-[a-z]+)+-\d):)?"
    r"(?:(?P<account>\d{12}):)?"
    r"(?:function:)?"
    r"(?P<name>[a-zA-Z0-9_-]+)"
    r"(?::(?P<qualifier>\$LATEST|[a-zA-Z0-9_-]+))?"
)


@dataclass(frozen=True)
class FunctionName:
    """A function's name, with the version or alias, the account and the region if they were named too."""

    name: str
    qualifier: str | None
    account: str | None
    region: str | None


def parse(text: str) -> FunctionName | None:
    """Parse what a request names a function by; None if it has none of the forms."""
    found = _NAME.fullmatch(text)
    return FunctionName(**found.groupdict()) if found else None
