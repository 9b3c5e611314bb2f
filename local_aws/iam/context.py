"""The request context: what conditions and policy variables can ask of a request."""

from typing import Protocol

Value = str | tuple[str, ...]


class Context(Protocol):
    """The values of condition keys, such as a dict: keys in lower case, several values in a tuple."""

    def get(self, key: str, /) -> Value | None:
        """Return a key's value, or None if the request has no such key.

        May raise UndecidedError if the key's value is not known here.
        """
