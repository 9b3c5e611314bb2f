"""Checks tokens, after "Control access to HTTP APIs with JWT authorizers in API Gateway"."""

import time
from collections.abc import Callable, Collection
from typing import Any
from urllib.parse import parse_qs

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from local_aws.access.gateway.configuration import JwtAuthorizer
from local_aws.access.gateway.request import Request

# "Currently, API Gateway supports only RSA-based algorithms."
RSA = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]
# Returns the public keys of an issuer; None if there is no such issuer.
KeysOf = Callable[[str], KeySet | None]


class TokenError(Exception):
    """A token is refused: with 401 and a reason, or with 403 if it has none of the scopes in `scope`."""

    def __init__(self, reason: str, scope: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.scope = scope


def authorize(
    request: Request, authorizer: JwtAuthorizer, scopes: Collection[str], keys_of: KeysOf
) -> dict[str, Any]:
    """Return the claims of a request's token, which must have one of `scopes` if there are any. Raises TokenError."""
    token = _token(request, authorizer.identity_source)
    if not token:
        raise TokenError("")
    claims = _verified(token, authorizer, keys_of)
    _check_audience(claims, authorizer)
    _check_times(claims)
    granted = str(claims.get("scope") or claims.get("scp") or "").split()
    if scopes and not set(scopes) & set(granted):
        raise TokenError("the token does not have a required scope", scope=" ".join(scopes))
    return claims


def www_authenticate(error: TokenError) -> str:
    """Return the value of the WWW-Authenticate header; a request without a token gets no reason."""
    if not error.reason:
        return "Bearer"
    code = "invalid_token" if error.scope is None else "insufficient_scope"
    scope = error.scope or ""
    return f'Bearer scope="{scope}" error="{code}" error_description="{error.reason}"'


def _token(request: Request, identity_source: str) -> str:
    place, _, name = identity_source.removeprefix("$request.").partition(".")
    if place == "querystring":
        return parse_qs(request.query).get(name, [""])[0]
    scheme, _, token = request.header(name.lower()).strip().rpartition(" ")
    return token if scheme.lower() in ("", "bearer") else ""


def _verified(token: str, authorizer: JwtAuthorizer, keys_of: KeysOf) -> dict[str, Any]:
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError):
        raise TokenError("the token is malformed") from None
    if header.get("alg") not in RSA:
        raise TokenError(f"signing method {header.get('alg')} is invalid")
    keys = keys_of(authorizer.issuer)
    key = keys and next((one for one in keys.keys if one.kid == header.get("kid")), None)
    if not key:
        raise TokenError("kid not found in the issuer's keys")
    try:
        claims = jwt.decode(token, key, algorithms=RSA).claims
    except (JoseError, ValueError):
        raise TokenError("the token's signature is invalid") from None
    if claims.get("iss") != authorizer.issuer:
        raise TokenError("the token does not have a valid issuer")
    return dict(claims)


def _check_audience(claims: dict[str, Any], authorizer: JwtAuthorizer) -> None:
    """Raise TokenError unless `aud`, or `client_id` without `aud`, is in the authorizer's audience."""
    audience = claims.get("aud", claims.get("client_id"))
    named = set(audience) if isinstance(audience, list) else {audience}
    if authorizer.audience is not None and not named & set(authorizer.audience):
        raise TokenError("the token does not have a valid audience")


def _check_times(claims: dict[str, Any]) -> None:
    now = time.time()
    times = {name: claims.get(name) for name in ("exp", "nbf", "iat")}
    if any(not isinstance(at, int | float) for at in times.values() if at is not None):
        raise TokenError("the token has a time that is not a number")
    if times["exp"] is None or float(times["exp"]) <= now:
        raise TokenError("the token has expired")
    if any(at is not None and float(at) > now for at in (times["nbf"], times["iat"])):
        raise TokenError("the token is not valid yet")
