"""Sessions: sign-in with SRP or a password, and the tokens of a sign-in."""

import base64
import hmac
import secrets
import time
from collections.abc import Hashable, Mapping
from datetime import datetime
from typing import Any

from moto.cognitoidp.models import UserStatus

from local_aws.cognito import srp
from local_aws.cognito.backend import Cognito, Parameters, Reply, SrpSession
from local_aws.cognito.clients import (
    REFRESH,
    allows,
    hides_users,
    require_secret,
    require_secret_hash,
    rotation,
)
from local_aws.cognito.errors import (
    CognitoError,
    invalid_parameter,
    not_authorized,
    user_not_found,
)
from local_aws.cognito.pool import Pool

ADMIN_FLOWS = ("ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH")
FLOWS = ("USER_SRP_AUTH", "USER_PASSWORD_AUTH", REFRESH)
TIMESTAMP = "%a %b %d %H:%M:%S UTC %Y"
SECRET_BLOCK_BYTES = 1024
# How long a challenge can be answered: the default of "AuthSessionValidity" of CreateUserPoolClient.
SESSION_S = 3 * 60.0


def initiate_auth(cognito: Cognito, parameters: Parameters) -> Reply:
    """Handle InitiateAuth, for the flows that the client allows."""
    pool, client = cognito.pool_and_client(parameters)
    flow = str(parameters.get("AuthFlow")).replace("REFRESH_TOKEN_AUTH", "REFRESH_TOKEN")
    flow = flow.replace("REFRESH_TOKEN", REFRESH)
    if flow not in FLOWS:
        raise invalid_parameter(f"Initiate Auth method not supported: {flow}")
    if not allows(client, flow):
        raise invalid_parameter(f"{flow} flow not enabled for this client")
    given = parameters.get("AuthParameters") or {}
    if flow == REFRESH:
        token = str(given.get("REFRESH_TOKEN", ""))
        user = _user_of(pool, client, token)
        require_secret_hash(client, user.username, given.get("SECRET_HASH"))
        return _tokens(*pool.create_tokens_from_refresh_token(token))
    name = given.get("USERNAME")
    if not name:
        raise invalid_parameter("Missing required parameter USERNAME")
    require_secret_hash(client, name, given.get("SECRET_HASH"))
    if flow == "USER_SRP_AUTH":
        return _srp_challenge(cognito, pool, client, name, str(given.get("SRP_A", "")))
    user = _user_with_password(cognito, pool, client, name, given.get("PASSWORD", ""))
    return _signed_in(cognito, pool, client, user)


def admin_initiate_auth(cognito: Cognito, parameters: Parameters) -> Reply:
    """Handle AdminInitiateAuth: check the password or refresh token, then do as moto does."""
    pool = cognito.describe_user_pool(parameters.get("UserPoolId"))
    client = pool.clients.get(parameters.get("ClientId"))
    if client is None:
        raise CognitoError("ResourceNotFoundException", "User pool client does not exist.")
    flow = str(parameters.get("AuthFlow"))
    given = parameters.get("AuthParameters") or {}
    if flow in ("REFRESH_TOKEN", REFRESH):
        if not allows(client, REFRESH):
            raise invalid_parameter("Auth flow not enabled for this client")
        _user_of(pool, client, str(given.get("REFRESH_TOKEN", "")))
    elif flow in ADMIN_FLOWS:
        if not any(allows(client, allowed) for allowed in ADMIN_FLOWS):
            raise invalid_parameter("Auth flow not enabled for this client")
        name = str(given.get("USERNAME", ""))
        require_secret_hash(client, name, given.get("SECRET_HASH"))
        _user_with_password(cognito, pool, client, name, given.get("PASSWORD", ""))
    reply: Reply = cognito.admin_initiate_auth(pool.id, client.id, flow, given)
    return reply


def respond_to_auth_challenge(cognito: Cognito, parameters: Parameters) -> Reply:
    """Handle RespondToAuthChallenge: check the proof of a PASSWORD_VERIFIER; moto handles other challenges."""
    given = parameters.get("ChallengeResponses") or {}
    if parameters.get("ChallengeName") != "PASSWORD_VERIFIER":
        return _other_challenge(cognito, parameters, given)
    session = cognito.srp_sessions.pop(str(given.get("PASSWORD_CLAIM_SECRET_BLOCK")), None)
    if session is None or session.client_id != parameters.get("ClientId") or _is_over(session):
        raise not_authorized("Invalid session for the user.")
    # Checked again, as many challenges may have been requested before the first wrong proof.
    who = _who(session.pool, session.user, session.user_name)
    _require_unlocked(cognito, who)
    client = session.pool.clients[session.client_id]
    require_secret_hash(client, session.user_name, given.get("SECRET_HASH"))
    right = _is_proof(session, given) and session.user is not None
    _judge(cognito, session.user, who, right=right)
    return _signed_in(cognito, session.pool, client, session.user)


def _other_challenge(cognito: Cognito, parameters: Parameters, given: Mapping[str, str]) -> Reply:
    """Check that a session belongs to the user, which moto does not, then do as moto does."""
    session = parameters.get("Session")
    owner, _ = cognito.sessions.get(session, (None, None))
    if owner is None or given.get("USERNAME") != owner:
        raise not_authorized("Invalid session for the user.")
    reply: Reply = cognito.respond_to_auth_challenge(
        session, parameters.get("ClientId"), parameters.get("ChallengeName"), given
    )
    return reply


def revoke_token(cognito: Cognito, parameters: Parameters) -> Reply:
    """Handle RevokeToken: revoke a refresh token and the access tokens created with it."""
    pool, client = cognito.pool_and_client(parameters)
    require_secret(client, parameters.get("ClientSecret"))
    token = str(parameters["Token"])
    if client.extended_config.get("EnableTokenRevocation") is False:
        raise CognitoError(
            "UnsupportedOperationException", "Token revocation is not enabled for this client."
        )
    if token in pool.access_tokens or token in pool.id_tokens:
        raise CognitoError("UnsupportedTokenTypeException", "Only refresh tokens can be revoked.")
    known = pool.refresh_tokens.get(token)
    if known and known[0] != client.id:
        raise CognitoError("UnauthorizedException", "Token was not issued to this client")
    if known:
        pool.revoke(known[2])
    return {}


def get_tokens_from_refresh_token(cognito: Cognito, parameters: Parameters) -> Reply:
    """Handle GetTokensFromRefreshToken, after "Refresh token rotation" if the client has that enabled."""
    pool, client = cognito.pool_and_client(parameters)
    require_secret(client, parameters.get("ClientSecret"))
    token = str(parameters["RefreshToken"])
    _user_of(pool, client, token)
    reply = _tokens(*pool.create_tokens_from_refresh_token(token))
    if settings := rotation(client):
        grace_s = float(settings.get("RetryGracePeriodSeconds") or 0)
        reply["AuthenticationResult"]["RefreshToken"] = pool.rotate(token, grace_s)
    return reply


def _user_of(pool: Pool, client: Any, token: str) -> Any:
    """Return the user of a valid refresh token of the client. Raises CognitoError."""
    if token not in pool.refresh_tokens:
        raise not_authorized("Invalid Refresh Token")
    known = pool.refresh_tokens[token]
    if known is None:
        raise not_authorized("Refresh Token has been revoked")
    client_id, name, _ = known
    user = pool._get_user(name)
    if client_id != client.id or user is None:
        raise not_authorized("Invalid Refresh Token")
    if not user.enabled:
        raise not_authorized("User is disabled.")
    if time.time() >= pool.refresh_ends[token]:
        if token in pool.replaced:
            raise CognitoError("RefreshTokenReuseException", "Refresh token has been rotated")
        raise not_authorized("Refresh Token has expired")
    return user


def _srp_challenge(cognito: Cognito, pool: Pool, client: Any, name: str, srp_a: str) -> Reply:
    user = pool._get_user(name)
    if user is None and not hides_users(client):
        raise user_not_found()
    _require_unlocked(cognito, _who(pool, user, name))
    # A name that no user has also gets the same salt in whatever case it is given, like that of a user.
    user_name = user.username if user else pool.folded(name)
    password = user.password if user else secrets.token_hex()
    identity = srp.Identity(pool.id.partition("_")[2], user_name, password)
    salt = int.from_bytes(hmac.digest(pool.salt_key, user_name.encode(), "sha256")[:16], "big")
    try:
        challenge = srp.challenge(int(srp_a, 16), salt, identity.verifier(salt))
    except ValueError:
        raise invalid_parameter("SRP_A is not a number that can be used") from None
    block = base64.b64encode(secrets.token_bytes(SECRET_BLOCK_BYTES)).decode("ascii")
    for other, session in list(cognito.srp_sessions.items()):
        if _is_over(session):
            cognito.srp_sessions.pop(other, None)
    cognito.srp_sessions[block] = SrpSession(
        pool, client.id, user, user_name, challenge, identity, time.monotonic()
    )
    return {
        "ChallengeName": "PASSWORD_VERIFIER",
        "ChallengeParameters": {
            "SALT": f"{salt:x}",
            "SECRET_BLOCK": block,
            "SRP_B": f"{challenge.public:x}",
            "USERNAME": user_name,
            "USER_ID_FOR_SRP": user_name,
        },
    }


def _user_with_password(cognito: Cognito, pool: Pool, client: Any, name: str, password: str) -> Any:
    """Return the user who has this name and password; raises CognitoError."""
    user = _user_who_may_try(cognito, pool, client, name)
    _judge(cognito, user, user.id, right=_is_same(user.password, password))
    return user


def _user_who_may_try(cognito: Cognito, pool: Pool, client: Any, name: str) -> Any:
    user = pool._get_user(name)
    if user is None:
        if hides_users(client):
            who = _who(pool, user, name)
            _require_unlocked(cognito, who)
            _judge(cognito, user, who, right=False)
        raise user_not_found()
    _require_unlocked(cognito, user.id)
    return user


def _who(pool: Pool, user: Any, name: str) -> Hashable:
    """Return the key for counting failures: a user, or a name that no user has, which must behave in the same way."""
    return (pool.id, pool.folded(name)) if user is None else str(user.id)


def _require_unlocked(cognito: Cognito, who: Hashable) -> None:
    if cognito.lockout.is_locked(who):
        raise not_authorized("Password attempts exceeded")


def _judge(cognito: Cognito, user: Any, who: Hashable, *, right: bool) -> None:
    """Count a failure or success. Raises CognitoError if it failed or the user is not enabled and confirmed."""
    if not right:
        cognito.lockout.failed(who)
        raise not_authorized()
    cognito.lockout.succeeded(who)
    if not user.enabled:
        raise not_authorized("User is disabled.")
    if user.status is UserStatus.UNCONFIRMED:
        raise CognitoError("UserNotConfirmedException", "User is not confirmed.")


def _signed_in(cognito: Cognito, pool: Pool, client: Any, user: Any) -> Reply:
    if user.status is UserStatus.RESET_REQUIRED:
        raise CognitoError("PasswordResetRequiredException", "Password reset required for the user")
    if user.status is UserStatus.FORCE_CHANGE_PASSWORD:
        session = secrets.token_urlsafe()
        cognito.sessions[session] = (user.username, pool)
        return {
            "ChallengeName": "NEW_PASSWORD_REQUIRED",
            "ChallengeParameters": {
                "USER_ID_FOR_SRP": user.username,
                "requiredAttributes": "[]",
            },
            "Session": session,
        }
    token, _ = pool.create_refresh_token(client.id, user.username)
    reply = _tokens(*pool.create_tokens_from_refresh_token(token))
    reply["AuthenticationResult"]["RefreshToken"] = token
    return {"ChallengeParameters": {}, **reply}


def _is_over(session: SrpSession) -> bool:
    return time.monotonic() > session.begun + SESSION_S


def _is_proof(session: SrpSession, given: Mapping[str, str]) -> bool:
    timestamp = given.get("TIMESTAMP", "")
    try:
        datetime.strptime(timestamp, TIMESTAMP)
    except ValueError:
        raise invalid_parameter(
            "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english."
        ) from None
    block = given["PASSWORD_CLAIM_SECRET_BLOCK"]
    right = srp.proof(session.challenge, session.identity, block, timestamp)
    return _is_same(right, given.get("PASSWORD_CLAIM_SIGNATURE", ""))


def _is_same(text: str, other: str) -> bool:
    """Compare in constant time; hmac.compare_digest accepts only ASCII in a str."""
    return hmac.compare_digest(text.encode(), other.encode())


def _tokens(access_token: str, id_token: str, valid_s: int) -> Reply:
    return {
        "AuthenticationResult": {
            "AccessToken": access_token,
            "ExpiresIn": valid_s,
            "IdToken": id_token,
            "TokenType": "Bearer",
        }
    }
