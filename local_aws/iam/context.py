"""The request context, from which conditions and policy variables take their values."""

from typing import Protocol

Value = str | tuple[str, ...]


class Context(Protocol):
    """The values of condition keys: keys are in lower case, and several values in a tuple. A dict is one."""

    def get(self, key: str, /) -> Value | None:
        """Return the value of a key; None if the request does not have it.

        May raise UndecidedError if the value is not known here.
        """
