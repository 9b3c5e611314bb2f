"""Evaluates a resource-based policy, such as that of a bucket or the trust policy of a role, for a caller."""

from dataclasses import dataclass

from local_aws.iam import statements
from local_aws.iam.principal_element import Caller, Named
from local_aws.iam.statements import Access, Statement
from local_aws.iam.undecided import UndecidedError, any_holds


@dataclass(frozen=True)
class ResourcePolicy:
    """The policy of a resource in an account.

    With `decides`, as for trust policies and policies of KMS keys, what it does not allow is denied. Without, the
    policies of a caller in the same account can allow it too.
    """

    document: str
    account: str
    decides: bool = False


def denies(policy: ResourcePolicy, caller: Caller, access: Access, *, has_boundary: bool) -> bool:
    """Whether a statement denies the access; raises UndecidedError if one may, and none certainly does.

    A Deny with NotPrincipal applies to everyone with a boundary: "Permissions boundaries for IAM entities".
    """

    def applies(statement: Statement) -> bool:
        if statement.effect != "Deny" or statement.principals is None:
            return False
        excepts = has_boundary and statement.principals.negated
        named = excepts or statement.principals.names(caller) != Named.NOT
        return named and statement.applies(access)

    return any_holds(applies, _statements(policy))


def allows(policy: ResourcePolicy, caller: Caller, access: Access) -> Named:
    """Return how directly the statements that allow the access name the caller."""
    return max(
        (
            statement.principals.names(caller)
            for statement in _statements(policy)
            if statement.effect == "Allow" and statement.principals and _applies(statement, access)
        ),
        default=Named.NOT,
    )


def _applies(statement: Statement, access: Access) -> bool:
    try:
        return statement.applies(access)
    except UndecidedError:
        return False


def _statements(policy: ResourcePolicy) -> tuple[Statement, ...]:
    return statements.read(policy.document, of_resource=True)
