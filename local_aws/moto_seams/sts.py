"""moto 5.2.5's STS takes any text for a session policy and forgets the managed policies of a session.

Without this seam tests/integration/test_policy_documents.py and test_authorization.py fail.
"""

from collections.abc import Callable
from typing import Any

from moto.sts.models import AssumedRole
from moto.sts.responses import TokenResponse

from local_aws.iam.documents import Kind
from local_aws.moto_seams.iam import check

_OPERATIONS = (
    "assume_role",
    "assume_role_with_saml",
    "assume_role_with_web_identity",
    "get_federation_token",
)


def install() -> None:
    """Check session policies, and keep the ARNs of a session's managed policies with it."""
    for name in _OPERATIONS:
        setattr(TokenResponse, name, _checked(getattr(TokenResponse, name)))


def _checked(operation: Callable[[TokenResponse], Any]) -> Callable[[TokenResponse], Any]:
    def checked(response: TokenResponse) -> Any:
        policy = response._get_param("Policy")
        if policy is not None:
            check(policy, Kind.SESSION)
        result = operation(response)
        session = result.result["Credentials"]
        if isinstance(session, AssumedRole):
            arns = response._get_param("PolicyArns") or []
            session.policy_arns = [each["arn"] for each in arns if "arn" in each]
        return result

    return checked
