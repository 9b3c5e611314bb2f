"""How large policies may be, and how many can be attached: "IAM and AWS STS quotas" in the IAM guide."""

from collections.abc import Iterable

# The size of all inline policies of an identity together, in characters.
INLINE_SIZES = {"group": 5120, "role": 10_240, "user": 2048}
MANAGED_SIZE = 6144
TRUST_SIZE = 2048
ATTACHED = 10


def inline_fault(kind: str, name: str, documents: Iterable[str]) -> str | None:
    """Return AWS's message if the inline policies of a user, role or group are too large together, else None."""
    limit = INLINE_SIZES[kind]
    too_large = sum(map(_size, documents)) > limit
    return f"Maximum policy size of {limit} bytes exceeded for {kind} {name}" if too_large else None


def managed_fault(document: str) -> str | None:
    """Return AWS's message if a managed policy is too large, else None."""
    too_large = _size(document) > MANAGED_SIZE
    return f"Cannot exceed quota for PolicySize: {MANAGED_SIZE}" if too_large else None


def trust_fault(document: str) -> str | None:
    """Return AWS's message if a trust policy is too large, else None."""
    too_large = _size(document) > TRUST_SIZE
    return f"Cannot exceed quota for ACLSizePerRole: {TRUST_SIZE}" if too_large else None


def attached_fault(kind: str, arns: Iterable[str]) -> str | None:
    """Return AWS's message if a user, role or group would have too many managed policies, else None."""
    too_many = len(set(arns)) > ATTACHED
    return f"Cannot exceed quota for PoliciesPer{kind.title()}: {ATTACHED}" if too_many else None


def _size(document: str) -> int:
    """Return the size of a document: "IAM does not count white space"."""
    return len("".join(document.split()))
