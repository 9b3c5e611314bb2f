"""The request context of a call to the local AWS: what is known of the call, and what is known not to be there."""

from collections.abc import Mapping
from dataclasses import dataclass

from local_aws.iam.context import Value
from local_aws.iam.undecided import UndecidedError

# Keys of which every call's are all known: if one is not there, the call does not have it.
_COMPLETE = ("aws:principaltag/",)


@dataclass(frozen=True)
class RequestContext:
    """The condition keys of a call, in lower case; None: the call is known not to have that key."""

    values: Mapping[str, Value | None]

    def get(self, key: str, /) -> Value | None:
        """Return a key's value, or None if the call has no such key; raises UndecidedError if neither is known."""
        if key in self.values:
            return self.values[key]
        if key.startswith(_COMPLETE):
            return None
        raise UndecidedError(f"it does not know the condition key {key}")
