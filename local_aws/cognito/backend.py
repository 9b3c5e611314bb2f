"""The operations that need no credentials: sign-up, codes, sign-in, tokens. moto's own let anybody in."""

import base64
import hmac
import secrets
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moto.cognitoidp import urls
from moto.cognitoidp.models import CognitoIdpBackend, CognitoIdpUser, UserStatus
from moto.cognitoidp.utils import check_secret_hash

from local_aws.cognito import codes, mail, passwords, srp
from local_aws.cognito.codes import Codes
from local_aws.cognito.errors import CognitoError, invalid_parameter, not_authorized
from local_aws.cognito.lockout import Lockout
from local_aws.cognito.pool import Pool

# What a client may do unless it says which flows: "ExplicitAuthFlows" of CreateUserPoolClient.
DEFAULT_FLOWS = ("ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH")
REFRESH = "REFRESH_TOKEN_AUTH"
FLOWS = ("USER_SRP_AUTH", "USER_PASSWORD_AUTH", REFRESH)
TIMESTAMP = "%a %b %d %H:%M:%S UTC %Y"
SECRET_BLOCK_BYTES = 1024

Parameters = Mapping[str, Any]
Reply = dict[str, Any]


@dataclass(frozen=True)
class _SrpSession:
    """A PASSWORD_VERIFIER challenge that waits for its proof; `user` is None for a name that nobody has."""

    pool: Pool
    client_id: str
    user: Any
    user_name: str
    challenge: srp.Challenge
    identity: srp.Identity


class Cognito(CognitoIdpBackend):  # type: ignore[misc] # moto is untyped under --strict
    """Cognito of one account and region."""

    _url_module = urls  # moto would look for it beside this file

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.codes = Codes()
        self.lockout = Lockout()
        self._sign_up_lock = threading.Lock()
        self.tags: dict[str, dict[str, str]] = {}
        self._srp_sessions: dict[str, _SrpSession] = {}

    def answers_sign_up(self, parameters: Parameters) -> Reply:
        """Answer SignUp: a new user, who must confirm an address that the pool verifies."""
        pool, client = self._pool_and_client(parameters)
        name = str(parameters["Username"])
        self._check_secret_hash(client, name, parameters.get("SecretHash"))
        if complaint := passwords.complaint(str(parameters["Password"]), pool.password_policy):
            raise CognitoError("InvalidPasswordException", complaint)
        attributes = parameters.get("UserAttributes") or []
        _check_attributes(attributes)
        with self._sign_up_lock:
            if pool._get_user(name) is not None:
                raise CognitoError("UsernameExistsException", "User already exists")
            user = _new_user(pool, name, str(parameters["Password"]), attributes)
        reply: Reply = {"UserConfirmed": False, "UserSub": user.id}
        if delivery := self._send_code(pool, user, codes.SIGN_UP_S, "your confirmation code is"):
            reply["CodeDeliveryDetails"] = delivery
        return reply

    def answers_confirm_sign_up(self, parameters: Parameters) -> Reply:
        """Answer ConfirmSignUp: the code must be the one that was sent."""
        pool, client = self._pool_and_client(parameters)
        user = self._known_user(pool, client, parameters, hidden_as="code")
        if user.status is not UserStatus.UNCONFIRMED:
            status = f"User cannot be confirmed. Current status is {user.status.value}"
            raise not_authorized(status)
        self._redeem(pool, user, str(parameters["ConfirmationCode"]))
        user.status = UserStatus.CONFIRMED
        if "email" in pool.extended_config.get("AutoVerifiedAttributes", []):
            user.update_attributes([{"Name": "email_verified", "Value": "true"}])
        return {}

    def answers_resend_confirmation_code(self, parameters: Parameters) -> Reply:
        """Answer ResendConfirmationCode: a new code, in place of the last."""
        pool, client = self._pool_and_client(parameters)
        user = pool._get_user(str(parameters["Username"]))
        if user is None:
            if _hides_users(client):
                return {"CodeDeliveryDetails": _made_up_delivery(str(parameters["Username"]))}
            raise CognitoError("UserNotFoundException", "Username/client id combination not found.")
        if user.status is not UserStatus.UNCONFIRMED:
            raise invalid_parameter("User is already confirmed.")
        delivery = self._send_code(pool, user, codes.SIGN_UP_S, "your confirmation code is")
        return {"CodeDeliveryDetails": delivery or {}}

    def answers_forgot_password(self, parameters: Parameters) -> Reply:
        """Answer ForgotPassword: a code to a verified address."""
        pool, client = self._pool_and_client(parameters)
        name = str(parameters["Username"])
        user = pool._get_user(name)
        if user is None and not _hides_users(client):
            raise CognitoError("UserNotFoundException", "Username/client id combination not found.")
        if user is None:
            return {"CodeDeliveryDetails": _made_up_delivery(name)}
        if user.attribute_lookup.get("email_verified") != "true":
            raise invalid_parameter(
                "Cannot reset password for the user as there is no registered/verified email or phone_number"
            )
        delivery = self._send_code(pool, user, codes.RESET_S, "your password reset code is")
        return {"CodeDeliveryDetails": delivery or {}}

    def answers_confirm_forgot_password(self, parameters: Parameters) -> Reply:
        """Answer ConfirmForgotPassword: a new password for the right code."""
        pool, client = self._pool_and_client(parameters)
        user = self._known_user(pool, client, parameters, hidden_as="code")
        if complaint := passwords.complaint(str(parameters["Password"]), pool.password_policy):
            raise CognitoError("InvalidPasswordException", complaint)
        self._redeem(pool, user, str(parameters["ConfirmationCode"]))
        user.password = parameters["Password"]
        user.status = UserStatus.CONFIRMED
        self.lockout.succeeded(user.id)
        return {}

    def answers_initiate_auth(self, parameters: Parameters) -> Reply:
        """Answer InitiateAuth, for the flows that the client allows."""
        pool, client = self._pool_and_client(parameters)
        flow = str(parameters.get("AuthFlow")).replace("REFRESH_TOKEN_AUTH", "REFRESH_TOKEN")
        flow = flow.replace("REFRESH_TOKEN", REFRESH)
        if flow not in FLOWS:
            raise invalid_parameter(f"Initiate Auth method not supported: {flow}")
        if f"ALLOW_{flow}" not in (
            client.extended_config.get("ExplicitAuthFlows") or DEFAULT_FLOWS
        ):
            raise invalid_parameter(f"{flow} flow not enabled for this client")
        given = parameters.get("AuthParameters") or {}
        if flow == REFRESH:
            return self.refresh(pool, client, str(given.get("REFRESH_TOKEN", "")))
        name = given.get("USERNAME")
        if not name:
            raise invalid_parameter("Missing required parameter USERNAME")
        self._check_secret_hash(client, name, given.get("SECRET_HASH"))
        if flow == "USER_SRP_AUTH":
            return self._srp_challenge(pool, client, name, str(given.get("SRP_A", "")))
        user = self._user_who_may_try(pool, client, name)
        self._judge(pool, user, right=hmac.compare_digest(user.password, given.get("PASSWORD", "")))
        return self._signed_in(pool, client, user)

    def answers_respond_to_auth_challenge(self, parameters: Parameters) -> Reply:
        """Answer RespondToAuthChallenge: a PASSWORD_VERIFIER's proof is checked, all else is moto's."""
        if parameters.get("ChallengeName") != "PASSWORD_VERIFIER":
            reply: Reply = super().respond_to_auth_challenge(
                parameters.get("Session"),
                parameters.get("ClientId"),
                parameters.get("ChallengeName"),
                parameters.get("ChallengeResponses") or {},
            )
            return reply
        given = parameters.get("ChallengeResponses") or {}
        session = self._srp_sessions.pop(str(given.get("PASSWORD_CLAIM_SECRET_BLOCK")), None)
        if session is None or session.client_id != parameters.get("ClientId"):
            raise not_authorized("Invalid session for the user.")
        client = session.pool.clients[session.client_id]
        self._check_secret_hash(client, session.user_name, given.get("SECRET_HASH"))
        right = session.user is not None and _is_proof(session, given)
        self._judge(session.pool, session.user, right=right)
        return self._signed_in(session.pool, client, session.user)

    def answers_revoke_token(self, parameters: Parameters) -> Reply:
        """Answer RevokeToken: a refresh token and the access tokens made from it."""
        pool, client = self._pool_and_client(parameters)
        self._check_client_secret(client, parameters.get("ClientSecret"))
        token = str(parameters["Token"])
        known = pool.refresh_tokens.get(token)
        if known and known[0] != client.id:
            raise CognitoError("UnauthorizedException", "Token was not issued to this client")
        if known:
            pool.refresh_tokens[token] = None
            _, name, _ = known
            for access_token, (client_id, owner) in list(pool.access_tokens.items()):
                if (client_id, owner) == (client.id, name):
                    del pool.access_tokens[access_token]
        return {}

    def answers_get_tokens_from_refresh_token(self, parameters: Parameters) -> Reply:
        """Answer GetTokensFromRefreshToken."""
        pool, client = self._pool_and_client(parameters)
        self._check_client_secret(client, parameters.get("ClientSecret"))
        return self.refresh(pool, client, str(parameters["RefreshToken"]))

    def refresh(self, pool: Pool, client: Any, token: str) -> Reply:
        """Return new tokens for a refresh token of the client's that is valid."""
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
        access_token, id_token, valid_s = pool.create_tokens_from_refresh_token(token)
        return _tokens(access_token, id_token, valid_s)

    def _srp_challenge(self, pool: Pool, client: Any, name: str, srp_a: str) -> Reply:
        user = pool._get_user(name)
        if user is None and not _hides_users(client):
            raise CognitoError("UserNotFoundException", "User does not exist.")
        if user is not None and self.lockout.is_locked(user.id):
            raise not_authorized("Password attempts exceeded")
        user_name = user.username if user else name
        password = user.password if user else secrets.token_hex()
        identity = srp.Identity(pool.id.partition("_")[2], user_name, password)
        salt = int.from_bytes(hmac.digest(pool.salt_key, user_name.encode(), "sha256")[:16], "big")
        try:
            challenge = srp.challenge(int(srp_a, 16), salt, identity.verifier(salt))
        except ValueError:
            raise invalid_parameter("SRP_A is not a number that can be used") from None
        block = base64.b64encode(secrets.token_bytes(SECRET_BLOCK_BYTES)).decode("ascii")
        session = _SrpSession(pool, client.id, user, user_name, challenge, identity)
        self._srp_sessions[block] = session
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

    def _user_who_may_try(self, pool: Pool, client: Any, name: str) -> Any:
        user = pool._get_user(name)
        if user is None:
            if _hides_users(client):
                raise not_authorized()
            raise CognitoError("UserNotFoundException", "User does not exist.")
        if self.lockout.is_locked(user.id):
            raise not_authorized("Password attempts exceeded")
        return user

    def _judge(self, pool: Pool, user: Any, *, right: bool) -> None:
        """Count a wrong password; a right one still needs a user who is enabled and confirmed."""
        if not right:
            if user is not None:
                self.lockout.failed(user.id)
            raise not_authorized()
        self.lockout.succeeded(user.id)
        if not user.enabled:
            raise not_authorized("User is disabled.")
        if user.status is UserStatus.UNCONFIRMED:
            raise CognitoError("UserNotConfirmedException", "User is not confirmed.")

    def _signed_in(self, pool: Pool, client: Any, user: Any) -> Reply:
        if user.status is UserStatus.RESET_REQUIRED:
            raise CognitoError(
                "PasswordResetRequiredException", "Password reset required for the user"
            )
        if user.status is UserStatus.FORCE_CHANGE_PASSWORD:
            session = secrets.token_urlsafe()
            self.sessions[session] = (user.username, pool)
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

    def _send_code(self, pool: Pool, user: Any, valid_s: float, words: str) -> Reply | None:
        """Mail a code to the user's address, if the pool verifies addresses; returns CodeDeliveryDetails."""
        address = user.attribute_lookup.get("email")
        if not address or "email" not in pool.extended_config.get("AutoVerifiedAttributes", []):
            return None
        mail.send(address, f"{words} {self.codes.issue((pool.id, user.id), valid_s)}")
        return _delivery(address)

    def _redeem(self, pool: Pool, user: Any, code: str) -> None:
        try:
            self.codes.redeem((pool.id, user.id), code)
        except codes.WrongCodeError:
            raise _wrong_code() from None
        except codes.ExpiredCodeError:
            raise CognitoError(
                "ExpiredCodeException", "Invalid code provided, please request a code again."
            ) from None
        except codes.TooManyTriesError:
            raise CognitoError(
                "LimitExceededException", "Attempt limit exceeded, please try after some time."
            ) from None

    def _pool_and_client(self, parameters: Parameters) -> tuple[Pool, Any]:
        client_id = parameters.get("ClientId")
        for pool in self.user_pools.values():
            if client_id in pool.clients:
                return pool, pool.clients[client_id]
        raise CognitoError(
            "ResourceNotFoundException", f"User pool client {client_id} does not exist."
        )

    def _known_user(self, pool: Pool, client: Any, parameters: Parameters, hidden_as: str) -> Any:
        name = str(parameters["Username"])
        self._check_secret_hash(client, name, parameters.get("SecretHash"))
        user = pool._get_user(name)
        if user is None and _hides_users(client):
            raise _wrong_code()
        if user is None:
            raise CognitoError("UserNotFoundException", "User does not exist.")
        return user

    def _check_secret_hash(self, client: Any, name: str, given: str | None) -> None:
        if client.generate_secret and not (
            given and check_secret_hash(client.secret, client.id, name, given)
        ):
            raise not_authorized(f"Unable to verify secret hash for client {client.id}")

    def _check_client_secret(self, client: Any, given: str | None) -> None:
        if client.generate_secret and given != client.secret:
            raise not_authorized("Client secret does not match")


def _new_user(pool: Pool, name: str, password: str, attributes: list[dict[str, str]]) -> Any:
    """Add a user; in a pool whose users are named by their address, the name is one and the user gets an id."""
    if "email" in (pool.extended_config.get("UsernameAttributes") or []):
        attributes = [*attributes, {"Name": "email", "Value": name}]
        _check_attributes(attributes)
        user = CognitoIdpUser(pool.id, None, password, UserStatus.UNCONFIRMED, attributes)
    else:
        user = CognitoIdpUser(pool.id, name, password, UserStatus.UNCONFIRMED, attributes)
    pool.users[user.username] = user
    return user


def _is_proof(session: _SrpSession, given: Mapping[str, str]) -> bool:
    timestamp = given.get("TIMESTAMP", "")
    try:
        datetime.strptime(timestamp, TIMESTAMP)
    except ValueError:
        raise invalid_parameter(
            "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english."
        ) from None
    block = given["PASSWORD_CLAIM_SECRET_BLOCK"]
    right = srp.proof(session.challenge, session.identity, block, timestamp)
    return hmac.compare_digest(right, given.get("PASSWORD_CLAIM_SIGNATURE", ""))


def _check_attributes(attributes: Iterable[Mapping[str, str]]) -> None:
    for attribute in attributes:
        name, value = attribute.get("Name", ""), attribute.get("Value", "")
        if name == "email" and not _looks_like_mail(value):
            raise invalid_parameter("Invalid email address format.")
        if name in ("email_verified", "phone_number_verified", "sub"):
            raise not_authorized("A client attempted to write unauthorized attribute")


def _looks_like_mail(value: str) -> bool:
    local, at, domain = value.rpartition("@")
    return bool(local and at and domain) and value.isprintable() and " " not in value


def _hides_users(client: Any) -> bool:
    return bool(client.extended_config.get("PreventUserExistenceErrors") == "ENABLED")


def _wrong_code() -> CognitoError:
    return CognitoError(
        "CodeMismatchException", "Invalid verification code provided, please try again."
    )


def _delivery(address: str) -> Reply:
    local, _, domain = address.partition("@")
    masked = f"{local[:1]}***@{domain[:1]}***"
    return {"Destination": masked, "DeliveryMedium": "EMAIL", "AttributeName": "email"}


def _made_up_delivery(name: str) -> Reply:
    """Return what looks like a delivery, for a name that nobody has."""
    return _delivery(f"{name}@e")


def _tokens(access_token: str, id_token: str, valid_s: int) -> Reply:
    return {
        "AuthenticationResult": {
            "AccessToken": access_token,
            "ExpiresIn": valid_s,
            "IdToken": id_token,
            "TokenType": "Bearer",
        }
    }
