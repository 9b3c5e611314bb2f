"""Amazon Resource Names: arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE."""

from typing import NamedTuple, Self


class Arn(NamedTuple):
    """The parts of an ARN. Resources without a region or an account have an empty one; `resource` may have colons."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the parts of an ARN. Raises ValueError if the text is not one."""
        prefix, *parts = text.split(":", 5)
        if prefix != "arn" or len(parts) != 5:
            raise ValueError(f"{text!r} is not an ARN")
        return cls(*parts)


def parse_arn(text: str) -> Arn | None:
    """Return the parts of an ARN; None if the text is not one."""
    try:
        return Arn.of(text)
    except ValueError:
        return None
