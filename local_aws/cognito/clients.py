"""App clients of a user pool: their secrets, the flows that they allow, and other settings."""

from collections.abc import Mapping
from typing import Any

from moto.cognitoidp.utils import check_secret_hash

from local_aws.cognito.errors import not_authorized

# The default flows of a client: "ExplicitAuthFlows" of CreateUserPoolClient.
DEFAULT_FLOWS = ("ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH")
REFRESH = "REFRESH_TOKEN_AUTH"


def require_secret_hash(client: Any, name: str, given: str | None) -> None:
    """Raise CognitoError unless a client with a secret has sent the right hash for a user name."""
    if client.generate_secret and not (
        given and check_secret_hash(client.secret, client.id, name, given)
    ):
        raise not_authorized(f"Unable to verify secret hash for client {client.id}")


def require_secret(client: Any, given: str | None) -> None:
    """Raise CognitoError unless a client with a secret has sent it."""
    if client.generate_secret and given != client.secret:
        raise not_authorized("Client secret does not match")


def hides_users(client: Any) -> bool:
    """Whether errors must not reveal to a client which users exist."""
    return bool(client.extended_config.get("PreventUserExistenceErrors") == "ENABLED")


def allows(client: Any, flow: str) -> bool:
    """Whether a client allows a flow, by its name with or without ALLOW_."""
    if flow == REFRESH and rotation(client):
        return False
    flows = client.extended_config.get("ExplicitAuthFlows") or DEFAULT_FLOWS
    return f"ALLOW_{flow}" in flows or flow in flows


def rotation(client: Any) -> Mapping[str, Any]:
    """Return the client's settings for the rotation of refresh tokens; empty if it is off."""
    settings: Mapping[str, Any] = client.extended_config.get("RefreshTokenRotation") or {}
    return settings if settings.get("Feature") == "ENABLED" else {}
