"""moto 5.2.5's STS accepts any text as a session policy and forgets the managed policies of a session.

Its GetSessionToken and GetFederationToken always return the same key, which does not exist. Without this seam
tests/integration/test_policy_documents.py, test_authorization.py and test_user_sessions.py fail.
"""

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.models import iam_backends
from moto.sts.exceptions import STSClientError
from moto.sts.models import AssumedRole, STSBackend
from moto.sts.responses import TokenResponse

from local_aws.iam import user_sessions
from local_aws.iam.documents import Kind
from local_aws.iam.principals import find_key
from local_aws.iam.user_sessions import UserSession
from local_aws.moto_seams.iam import check

_OPERATIONS = (
    "assume_role",
    "assume_role_with_saml",
    "assume_role_with_web_identity",
    "get_federation_token",
)
# "GetSessionToken" and "GetFederationToken", DurationSeconds: the default, and the maximum for the account itself.
_DEFAULT_DURATION_S = 43_200
_ACCOUNT_DURATION_S = 3_600

_get_caller_identity = STSBackend.get_caller_identity


def install() -> None:
    """Check session policies, store the ARNs of a session's managed policies with it, and issue sessions of users."""
    TokenResponse.get_session_token = get_session_token
    TokenResponse.get_federation_token = get_federation_token
    STSBackend.get_caller_identity = get_caller_identity
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


def get_session_token(response: TokenResponse) -> ActionResult:
    """Issue a session of the caller: a user, or the account for the administrator."""
    seconds, user_name = _requested(response, "GetSessionToken")
    key_id, session = user_sessions.issue(_iam(response), user_name, seconds)
    return ActionResult({"Credentials": _credentials(key_id, session)})


def get_federation_token(response: TokenResponse) -> ActionResult:
    """Issue a session of a federated user, who may do what both the caller and the session policies allow."""
    name, policy = response._get_param("Name"), response._get_param("Policy")
    arns = tuple(each["arn"] for each in response._get_param("PolicyArns") or [] if "arn" in each)
    seconds, user_name = _requested(response, "GetFederationToken")
    key_id, session = user_sessions.issue(
        _iam(response), user_name, seconds, name, (policy,) if policy else (), arns
    )
    account = response.current_account
    arn = f"arn:{response.partition}:sts::{account}:federated-user/{name}"
    return ActionResult(
        {
            "Credentials": _credentials(key_id, session),
            "FederatedUser": {"FederatedUserId": f"{account}:{name}", "Arn": arn},
            "PackedPolicySize": 6,
        }
    )


def get_caller_identity(
    backend: STSBackend, access_key_id: str, region: str
) -> tuple[str, str, str]:
    """Return the owner of a key: the id, the ARN and the account."""
    iam = iam_backends[backend.account_id][backend.partition]
    key = find_key(access_key_id) if user_sessions.find(iam, access_key_id) else None
    if key is None:
        identity: tuple[str, str, str] = _get_caller_identity(backend, access_key_id, region)
        return identity
    principal = key.principal
    user_id = str(principal.context["aws:userid"] or principal.account)
    return user_id, principal.arn, principal.account


def _requested(response: TokenResponse, operation: str) -> tuple[int, str | None]:
    """Return the duration of the session in seconds, and the user who requests it, None for the administrator.

    Raises STSClientError for a key of a session, which cannot request another one.
    """
    key = _iam(response).access_keys.get(response.get_access_key())
    if key is not None and key.user_name is None:
        raise STSClientError("AccessDenied", f"Cannot call {operation} with session credentials")
    seconds = response._get_int_param("DurationSeconds", _DEFAULT_DURATION_S)
    if key is None:
        seconds = min(seconds, _ACCOUNT_DURATION_S)
    return seconds, key.user_name if key else None


def _iam(response: TokenResponse) -> Any:
    return iam_backends[response.current_account][response.partition]


def _credentials(key_id: str, session: UserSession) -> dict[str, Any]:
    return {
        "AccessKeyId": key_id,
        "SecretAccessKey": session.secret,
        "SessionToken": session.token,
        "Expiration": session.expiration,
    }
