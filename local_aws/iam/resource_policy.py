"""What the policy of a resource, such as a bucket's or a role's trust policy, says about a caller."""

from dataclasses import dataclass

from local_aws.iam import statements
from local_aws.iam.principal_element import Caller, Named
from local_aws.iam.statements import Access, Statement
from local_aws.iam.undecided import UndecidedError, any_holds


@dataclass(frozen=True)
class ResourcePolicy:
    """The policy of a resource of an account.

    decides: nobody may do anything that it does not allow, as with a role's trust policy and a KMS key's policy. With
    other resources the policies of a caller in the same account are enough.
    """

    document: str
    account: str
    decides: bool = False


def denies(policy: ResourcePolicy, caller: Caller, access: Access, *, has_boundary: bool) -> bool:
    """Whether a statement denies it; raises UndecidedError if none does for certain, but one may.

    "Permissions boundaries for IAM entities": a Deny with NotPrincipal is for all who have a boundary.
    """

    def applies(statement: Statement) -> bool:
        if statement.effect != "Deny" or statement.principals is None:
            return False
        excepts = has_boundary and statement.principals.negated
        named = excepts or statement.principals.names(caller) != Named.NOT
        return named and statement.applies(access)

    return any_holds(applies, _statements(policy))


def allows(policy: ResourcePolicy, caller: Caller, access: Access) -> Named:
    """Return how directly the statements that allow it name the caller."""
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
