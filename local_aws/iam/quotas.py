"""How large policies may be, and how many: "IAM and AWS STS quotas" in the IAM guide, by what each is attached to."""

from collections.abc import Iterable

# Inline policies, of one identity together.
INLINE_SIZES = {"group": 5120, "role": 10_240, "user": 2048}
MANAGED_SIZE = 6144
TRUST_SIZE = 2048
ATTACHED = 10


def inline_fault(kind: str, name: str, documents: Iterable[str]) -> str | None:
    """Return AWS's sentence if the inline policies of a user, a role or a group are too large together."""
    limit = INLINE_SIZES[kind]
    too_large = sum(map(_size, documents)) > limit
    return f"Maximum policy size of {limit} bytes exceeded for {kind} {name}" if too_large else None


def managed_fault(document: str) -> str | None:
    """Return AWS's sentence if a managed policy is too large."""
    too_large = _size(document) > MANAGED_SIZE
    return f"Cannot exceed quota for PolicySize: {MANAGED_SIZE}" if too_large else None


def trust_fault(document: str) -> str | None:
    """Return AWS's sentence if a role's trust policy is too large."""
    too_large = _size(document) > TRUST_SIZE
    return f"Cannot exceed quota for ACLSizePerRole: {TRUST_SIZE}" if too_large else None


def attached_fault(kind: str, arns: Iterable[str]) -> str | None:
    """Return AWS's sentence if so many managed policies are more than a user, a role or a group may have."""
    too_many = len(set(arns)) > ATTACHED
    return f"Cannot exceed quota for PoliciesPer{kind.title()}: {ATTACHED}" if too_many else None


def _size(document: str) -> int:
    """Return a document's size: "IAM does not count white space"."""
    return len("".join(document.split()))
