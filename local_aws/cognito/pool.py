"""A user pool with its own signing key, which issues the tokens that Cognito issues."""

import base64
import math
import secrets
import time
import uuid
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey
from moto.cognitoidp.models import CognitoIdpUserPool

ALGORITHM = "RS256"
# The use of access tokens; that of ID tokens is "id".
ACCESS = "access"
REFRESH = "refresh"
# The names of tokens in the settings of a client, and their default validity ("CreateUserPoolClient").
VALIDITIES = {
    ACCESS: ("AccessToken", 1, "hours"),
    "id": ("IdToken", 1, "hours"),
    REFRESH: ("RefreshToken", 30, "days"),
}
KEY_BITS = 2048
TIME_UNITS_S = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
# Attributes that are true or false in a token.
BOOLEANS = ("email_verified", "phone_number_verified")
# The settings that UpdateUserPool does not change unless it contains them.
KEPT = {"UsernameConfiguration", "UserPoolTags"}
REQUIREMENTS = ("RequireUppercase", "RequireLowercase", "RequireNumbers", "RequireSymbols")


class LiveTokens(dict[str, tuple[str, str]]):
    """Access tokens with their client and user; `in` is false for expired ones."""

    def __init__(self) -> None:
        super().__init__()
        self.ends: dict[str, float] = {}

    def __contains__(self, token: object) -> bool:
        """Whether a token exists and has not expired."""
        return super().__contains__(token) and time.time() < self.ends.get(str(token), math.inf)


class Pool(CognitoIdpUserPool):  # type: ignore[misc] # moto is untyped under --strict
    """A pool with its own key; moto's share a published one, forget settings on update, and ignore CaseSensitive."""

    def __init__(
        self, account_id: str, region: str, name: str, extended_config: dict[str, Any]
    ) -> None:
        super().__init__(account_id, region, name, extended_config)
        kid = base64.b64encode(secrets.token_bytes(32)).decode("ascii")
        parameters: Any = {"kid": kid, "alg": ALGORITHM, "use": "sig"}
        self.json_web_key = RSAKey.generate_key(KEY_BITS, parameters)
        # The key of salts: a name always has the same salt, whether or not a user has that name.
        self.salt_key = secrets.token_bytes(32)
        self.access_tokens = LiveTokens()
        # The id of the sign-in of each access token, and the time when each refresh token expires.
        self.origins: dict[str, str] = {}
        self.refresh_ends: dict[str, float] = {}
        # Refresh tokens that rotation has replaced.
        self.replaced: set[str] = set()

    @property
    def issuer(self) -> str:
        """The issuer of its tokens."""
        return f"https://cognito-idp.{self.region}.amazonaws.com/{self.id}"

    @property
    def password_policy(self) -> dict[str, Any]:
        """The PasswordPolicyType of the pool."""
        policy: dict[str, Any] = self.extended_config["Policies"]["PasswordPolicy"]
        return policy

    def update_extended_config(self, extended_config: dict[str, Any]) -> None:
        """Apply the settings of CreateUserPool or UpdateUserPool; requirements that are left out are off."""
        config = dict(extended_config)
        old = getattr(self, "extended_config", {})
        for kept in KEPT & old.keys():
            config.setdefault(kept, old[kept])
        if policies := config.get("Policies"):
            given = policies.get("PasswordPolicy") or {}
            config["Policies"] = {
                **policies,
                "PasswordPolicy": {
                    "MinimumLength": 8,
                    "TemporaryPasswordValidityDays": 7,
                    **dict.fromkeys(REQUIREMENTS, False),
                    **given,
                },
            }
        super().update_extended_config(config)

    def _get_user(self, username: str) -> Any:
        if (user := super()._get_user(username)) is not None:
            return user
        folded = self.folded(username)
        users = self.users.values()
        return next((user for user in users if self.folded(user.username) == folded), None)

    def folded(self, name: str) -> str:
        """Return a name for comparisons: in lower case if the pool is not case-sensitive."""
        configuration = self.extended_config.get("UsernameConfiguration") or {}
        return name if configuration.get("CaseSensitive", True) else name.lower()

    def sign_out(self, username: str) -> None:
        """End all sessions of a user."""
        user = self._get_user(username)
        super().sign_out(user.username if user else username)

    def create_refresh_token(self, client_id: str, username: str) -> tuple[str, str]:
        """Return a refresh token with the validity that the client configures, and the id of this sign-in."""
        token, origin = super().create_refresh_token(client_id, username)
        self.refresh_ends[token] = time.time() + self._validity_s(client_id, REFRESH)
        return token, origin

    def create_access_token(
        self, client_id: str, username: str, origin_jti: str
    ) -> tuple[str, int]:
        """Return an access token of a sign-in, and for how many seconds it is valid."""
        token, valid_s = super().create_access_token(client_id, username, origin_jti)
        self.origins[token] = origin_jti
        self.access_tokens.ends[token] = time.time() + valid_s
        return token, valid_s

    def rotate(self, token: str, grace_s: float) -> str:
        """Return a new refresh token that expires when the old one does; that stays valid for `grace_s` seconds."""
        new = str(uuid.uuid4())
        self.refresh_tokens[new] = self.refresh_tokens[token]
        self.refresh_ends[new] = self.refresh_ends[token]
        self.refresh_ends[token] = min(self.refresh_ends[token], time.time() + grace_s)
        self.replaced.add(token)
        return new

    def revoke(self, origin: str) -> None:
        """Revoke the tokens of one sign-in, given its id."""
        for token, known in list(self.refresh_tokens.items()):
            if known and known[2] == origin:
                self.refresh_tokens[token] = None
        for access_token in [token for token, of in self.origins.items() if of == origin]:
            self.access_tokens.pop(access_token, None)
            del self.origins[access_token]

    def create_jwt(
        self,
        client_id: str,
        username: str,
        token_use: str,
        expires_in: int = 0,
        extra_data: dict[str, Any] | None = None,
    ) -> tuple[str, int]:
        """Return a signed token and its validity in seconds, after "Understanding user pool JSON web tokens"."""
        user = self._get_user(username)
        now = int(time.time())
        valid_s = expires_in or self._validity_s(client_id, token_use)
        claims = {
            "sub": user.id,
            "iss": self.issuer,
            **self._audience(client_id, user.username, token_use),
            "event_id": str(uuid.uuid4()),
            "token_use": token_use,
            "auth_time": now,
            "exp": now + valid_s,
            "iat": now,
            "jti": str(uuid.uuid4()),
            **(extra_data or {}),
        }
        header = {"kid": self.json_web_key.kid, "alg": ALGORITHM}
        return jwt.encode(header, claims, self.json_web_key), valid_s

    def get_user_extra_data_by_client_id(self, client_id: str, username: str) -> dict[str, Any]:
        """Return the attributes in an ID token: those that the client may read, by default all."""
        client = self.clients.get(client_id)
        readable = client.get_readable_fields() if client else []
        attributes = self._get_user(username).attribute_lookup
        return {
            name: value == "true" if name in BOOLEANS else value
            for name, value in attributes.items()
            if name != "sub" and (not readable or name in readable)
        }

    def _audience(self, client_id: str, username: str, token_use: str) -> dict[str, str]:
        if token_use == ACCESS:
            return {"client_id": client_id, "username": username, "version": "1"}
        return {"aud": client_id, "cognito:username": username}

    def _validity_s(self, client_id: str, token_use: str) -> int:
        config = self.clients[client_id].extended_config if client_id in self.clients else {}
        name, length, unit = VALIDITIES.get(token_use, VALIDITIES["id"])
        unit = (config.get("TokenValidityUnits") or {}).get(name, unit)
        return int(config.get(f"{name}Validity") or length) * TIME_UNITS_S[unit]
