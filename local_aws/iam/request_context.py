"""The request context of a call to the local AWS: the condition keys that it has, and those it cannot have."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from local_aws.iam.context import Value
from local_aws.iam.undecided import UndecidedError
from local_aws.timestamps import to_the_second

# "AWS global condition context keys" that no call to the local AWS has: there are no organizations, VPCs and VPC
# endpoints, and no service makes calls on behalf of a principal.
_ABSENT = frozenset(
    (
        "aws:calledvia",
        "aws:calledviafirst",
        "aws:calledvialast",
        "aws:chatbotsourcearn",
        "aws:ec2instancesourceprivateipv4",
        "aws:ec2instancesourcevpc",
        "aws:resourceorgid",
        "aws:resourceorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
        "aws:sourceowner",
        "aws:sourceorgpaths",
        "aws:sourcevpc",
        "aws:sourcevpcarn",
        "aws:sourcevpce",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "aws:vpceorgpaths",
        "aws:vpcsourceip",
    )
)
_PRINCIPAL_TAG = "aws:principaltag/"
_RESOURCE_TAG = "resourcetag/"
# Keys with the prefix aws: whose values are in the parameters of a call.
_CALLS = ("aws:requesttag/", "aws:tagkeys")


@dataclass(frozen=True)
class RequestContext:
    """The condition keys of a call, in lower case.

    `principal` and `request` return the keys of the caller and of the request, with None for keys that are known to be
    absent. `account` is the resource's. `call` returns the value of a key that depends on the operation, and may raise
    UndecidedError. `tags` returns the tags of the resource, by their keys in lower case.
    """

    principal: Callable[[], Mapping[str, Value | None]]
    request: Callable[[], Mapping[str, Value | None]]
    account: str
    call: Callable[[str], Value | None]
    tags: Callable[[], Mapping[str, str]]

    def get(self, key: str, /) -> Value | None:
        """Return the value of a key; None if the call does not have it. Raises UndecidedError if that is not known."""
        if key == "aws:resourceaccount":
            return self.account
        for known in (self.principal(), self.request()):
            if key in known:
                return known[key]
        if key in _ABSENT or key.startswith(_PRINCIPAL_TAG):
            return None
        if _RESOURCE_TAG in key:
            return self.tags().get(key.partition("/")[2])
        if key.startswith("aws:") and not key.startswith(_CALLS):
            return _now(key)
        return self.call(key)


def _now(key: str) -> str:
    now = datetime.now(UTC)
    if key == "aws:currenttime":
        return to_the_second(now)
    if key == "aws:epochtime":
        return str(int(now.timestamp()))
    raise UndecidedError(f"it does not know the condition key {key}")
