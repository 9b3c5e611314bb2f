"""What only AWS itself can change: its managed policies, the roles of its services, and its key aliases."""

from local_aws.arns import parse_arn
from local_aws.iam.resources import Resource

_POLICY_CHANGES = frozenset(
    (
        "iam:createpolicy",
        "iam:createpolicyversion",
        "iam:deletepolicy",
        "iam:deletepolicyversion",
        "iam:setdefaultpolicyversion",
        "iam:tagpolicy",
        "iam:untagpolicy",
    )
)
_ROLE_CHANGES = frozenset(
    (
        "iam:attachrolepolicy",
        "iam:createrole",
        "iam:deleterole",
        "iam:deleterolepermissionsboundary",
        "iam:deleterolepolicy",
        "iam:detachrolepolicy",
        "iam:putrolepermissionsboundary",
        "iam:putrolepolicy",
        "iam:updateassumerolepolicy",
    )
)
# Changes to roles of IAM Identity Center; service-linked roles may be passed, tagged, described and created.
_RESERVED_ROLE_CHANGES = _ROLE_CHANGES | {
    "iam:createservicelinkedrole",
    "iam:deleteservicelinkedrole",
    "iam:passrole",
    "iam:tagrole",
    "iam:untagrole",
    "iam:updaterole",
    "iam:updateroledescription",
}
_ALIAS_CHANGES = frozenset(("kms:createalias", "kms:deletealias", "kms:updatealias"))
# The account in an ARN (None: any), the beginning of the resource, and the actions that nobody may do on it.
_PROTECTED = (
    ("aws", "policy/", _POLICY_CHANGES),
    (None, "role/aws-reserved/", _RESERVED_ROLE_CHANGES),
    (None, "role/aws-service-role/", _ROLE_CHANGES),
    (None, "alias/aws/", _ALIAS_CHANGES),
)


def is_protected(action: str, resource: Resource) -> bool:
    """Whether AWS refuses an action on a resource to everyone, whatever the policies say."""
    if not action.lower().startswith(("iam:", "kms:")) or not isinstance(resource, str):
        return False
    arn = parse_arn(resource)
    return arn is not None and any(
        owner in (None, arn.account)
        and arn.resource.startswith(beginning)
        and action.lower() in actions
        for owner, beginning, actions in _PROTECTED
    )
