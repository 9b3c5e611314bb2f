"""The forms in which a request may name a function, from "FunctionName" in the API reference of Invoke."""

import re
from dataclasses import dataclass

# "my-function", "my-function:v1", an ARN, or the tail of an ARN from its region, account or "function:" on.
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
    """A function's name, with its version or alias, account and region where given."""

    name: str
    qualifier: str | None
    account: str | None
    region: str | None


def parse(text: str) -> FunctionName | None:
    """Parse a function name as a request gives it; None if it has none of the valid forms."""
    match = _NAME.fullmatch(text)
    return FunctionName(**match.groupdict()) if match else None
