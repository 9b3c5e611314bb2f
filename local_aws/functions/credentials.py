"""Credentials for a function: Lambda assumes its role."""

from dataclasses import dataclass

from moto.sts.models import sts_backends
from moto.utilities.utils import get_partition

# The maximum duration of a session of STS; environments do not live as long.
SESSION_S = 12 * 60 * 60


@dataclass(frozen=True)
class Credentials:
    """Temporary credentials of an assumed role."""

    access_key_id: str
    secret_access_key: str
    session_token: str


def session_name(function_name: str) -> str:
    """Return the name of a function's session; STS needs two characters, so Lambda extends shorter names."""
    return function_name if len(function_name) > 1 else f"{function_name}@lambda_function"


def assume_role(role_arn: str, function_name: str, account: str, region: str) -> Credentials:
    """Return credentials of the role, assumed in moto's STS, in a session named like the function."""
    backend = sts_backends[account][get_partition(region)]
    role = backend.assume_role(
        region_name=region,
        role_session_name=session_name(function_name),
        role_arn=role_arn,
        policy="",
        duration=SESSION_S,
        external_id="",
    )
    # The value of the condition key lambda:SourceFunctionArn in the function's requests.
    role.source_function_arn = (
        f"arn:{backend.partition}:lambda:{region}:{account}:function:{function_name}"
    )
    return Credentials(role.access_key_id, role.secret_access_key, role.session_token)
