"""Parses names of functions, in the forms of "FunctionName" in the API reference of Invoke."""

import re
from dataclasses import dataclass

# "my-function", "my-function:v1", an ARN, or the end of an ARN from its region, account or "function:" on.
_NAME = re.compile(
    r"(?:arn:aws[a-zA-Z-]*:lambda:)?"
    r"(?:(?P<region>[a-z]{2}(?:-[a-z]+)+-\d):)?"
    r"(?:(?P<account>\d{12}):)?"
    r"(?:function:)?"
    r"(?P<name>[a-zA-Z0-9_.-]+)"
    r"(?::(?P<qualifier>\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9_-]+))?"
)


@dataclass(frozen=True)
class FunctionName:
    """The name of a function, and its version or alias, account and region if they are given."""

    name: str
    qualifier: str | None
    account: str | None
    region: str | None


def parse(text: str) -> FunctionName | None:
    """Parse the name of a function in a request; None if it is not in a valid form."""
    match = _NAME.fullmatch(text)
    return FunctionName(**match.groupdict()) if match else None
