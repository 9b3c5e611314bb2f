"""A user pool with a signing key of its own, and tokens as Cognito issues them."""

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
ACCESS = "access"  # the use of an access token; an ID token's is "id"
REFRESH = "refresh"
# What a client calls the tokens of each use, and how long they are valid unless it says so ("CreateUserPoolClient").
VALIDITIES = {
    ACCESS: ("AccessToken", 1, "hours"),
    "id": ("IdToken", 1, "hours"),
    REFRESH: ("RefreshToken", 30, "days"),
}
KEY_BITS = 2048
TIME_UNITS_S = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
# Attributes that are true or false in a token.
BOOLEANS = ("email_verified", "phone_number_verified")
# What UpdateUserPool leaves as it is, unless it names it.
KEPT = {"UsernameConfiguration", "UserPoolTags"}
REQUIREMENTS = ("RequireUppercase", "RequireLowercase", "RequireNumbers", "RequireSymbols")


class LiveTokens(dict[str, tuple[str, str]]):
    """Access tokens by what they are, with the client and the user: one that has expired is not in it."""

    def __init__(self) -> None:
        super().__init__()
        self.ends: dict[str, float] = {}

    def __contains__(self, token: object) -> bool:
        """Whether a token is one that is still valid."""
        return super().__contains__(token) and time.time() < self.ends.get(str(token), math.inf)


class Pool(CognitoIdpUserPool):  # type: ignore[misc] # moto is untyped under --strict
    """moto's pools sign with one published key, forget settings on update, and tell users apart by case."""

    def __init__(
        self, account_id: str, region: str, name: str, extended_config: dict[str, Any]
    ) -> None:
        super().__init__(account_id, region, name, extended_config)
        kid = base64.b64encode(secrets.token_bytes(32)).decode("ascii")
        parameters: Any = {"kid": kid, "alg": ALGORITHM, "use": "sig"}
        self.json_web_key = RSAKey.generate_key(KEY_BITS, parameters)
        # For salts: the same for a name each time, whether there is such a user or not.
        self.salt_key = secrets.token_bytes(32)
        self.access_tokens = LiveTokens()
        # Of each access token, the sign-in that it comes from; of each refresh token, when it ends.
        self.origins: dict[str, str] = {}
        self.refresh_ends: dict[str, float] = {}
        # Refresh tokens that rotation has replaced.
        self.replaced: set[str] = set()

    @property
    def issuer(self) -> str:
        """Who its tokens say they are from."""
        return f"https://cognito-idp.{self.region}.amazonaws.com/{self.id}"

    @property
    def password_policy(self) -> dict[str, Any]:
        """What a password must be like."""
        policy: dict[str, Any] = self.extended_config["Policies"]["PasswordPolicy"]
        return policy

    def update_extended_config(self, extended_config: dict[str, Any]) -> None:
        """Take over the settings of CreateUserPool or UpdateUserPool; a requirement that is left out is none."""
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
        return next((one for one in users if self.folded(one.username) == folded), None)

    def folded(self, name: str) -> str:
        """Return what tells a name from another: in a pool that makes no difference of case, it in small letters."""
        configuration = self.extended_config.get("UsernameConfiguration") or {}
        return name if configuration.get("CaseSensitive", True) else name.lower()

    def sign_out(self, username: str) -> None:
        """End every session of a user, whatever the case of the name."""
        user = self._get_user(username)
        super().sign_out(user.username if user else username)

    def create_refresh_token(self, client_id: str, username: str) -> tuple[str, str]:
        """Return a refresh token that is valid for as long as the client says, and the id of this sign-in."""
        token, origin = super().create_refresh_token(client_id, username)
        self.refresh_ends[token] = time.time() + self._validity_s(client_id, REFRESH)
        return token, origin

    def create_access_token(
        self, client_id: str, username: str, origin_jti: str
    ) -> tuple[str, int]:
        """Return an access token of a sign-in, and the seconds it is valid."""
        token, valid_s = super().create_access_token(client_id, username, origin_jti)
        self.origins[token] = origin_jti
        self.access_tokens.ends[token] = time.time() + valid_s
        return token, valid_s

    def rotate(self, token: str, grace_s: float) -> str:
        """Replace a refresh token by one for the rest of its time; the old one stays valid for `grace_s` seconds."""
        new = str(uuid.uuid4())
        self.refresh_tokens[new] = self.refresh_tokens[token]
        self.refresh_ends[new] = self.refresh_ends[token]
        self.refresh_ends[token] = min(self.refresh_ends[token], time.time() + grace_s)
        self.replaced.add(token)
        return new

    def revoke(self, origin: str) -> None:
        """End the sign-in that these tokens come from, and no other of the same user."""
        for token, known in list(self.refresh_tokens.items()):
            if known and known[2] == origin:
                self.refresh_tokens[token] = None
        for access_token in [one for one, of in self.origins.items() if of == origin]:
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
        """Return a signed token and the seconds it is valid, after "Understanding user pool JSON web tokens"."""
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
        """Return the attributes in an ID token: those the client may read, all unless it says which."""
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
