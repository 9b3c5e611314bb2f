"""Forged, expired and foreign tokens open nothing: "Control access to HTTP APIs with JWT authorizers"."""

import base64
import hmac
import json
import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from local_aws.access.gateway.jwt_authorizer import TokenError, authorize, www_authenticate
from tests.support.http_api import authorizer, request

ISSUER = "https://issuer.example"
PARAMETERS: Any = {"kid": "k1"}
KEY, STRANGERS = (RSAKey.generate_key(2048, PARAMETERS) for _ in range(2))


def keys_of(issuer: str) -> KeySet | None:
    return KeySet([KEY]) if issuer == ISSUER else None


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    whole = {"iss": ISSUER, "aud": "client", "exp": now + 60, "iat": now, "cognito:username": "zoe"}
    return {name: value for name, value in {**whole, **changes}.items() if value is not None}


def token(key: RSAKey = KEY, header: dict[str, Any] | None = None, **changes: Any) -> str:
    return jwt.encode({"alg": "RS256", "kid": "k1", **(header or {})}, claims(**changes), key)


def opened(value: str, scopes: tuple[str, ...] = ()) -> dict[str, Any]:
    return authorize(request(authorization=value), authorizer("client"), scopes, keys_of)


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", ""])
def test_a_token_of_the_issuer_for_the_audience_opens_the_route(scheme: str) -> None:
    # Given a sound token, with its scheme or without
    # When a request has it
    # Then its claims are known
    assert opened(f"{scheme}{token()}")["cognito:username"] == "zoe"


def test_an_access_token_names_its_audience_by_client_id() -> None:
    # Given a token without aud
    # When a request has it, then client_id counts
    assert opened(token(aud=None, client_id="client"))["client_id"] == "client"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"aud": "another"}, "the token does not have a valid audience"),
        ({"aud": "another", "client_id": "client"}, "the token does not have a valid audience"),
        ({"aud": None}, "the token does not have a valid audience"),
        ({"iss": "https://evil.example"}, "the token does not have a valid issuer"),
        ({"exp": 1}, "the token has expired"),
        ({"exp": None}, "the token has expired"),
        ({"nbf": 4_000_000_000}, "the token is not valid yet"),
        ({"iat": 4_000_000_000}, "the token is not valid yet"),
        ({"exp": "soon"}, "the token has a time that is not a number"),
    ],
)
def test_claims_that_do_not_fit_open_nothing(changes: dict[str, Any], reason: str) -> None:
    # Given a token that is signed, with another claim than it must have
    # When a request has it
    # Then it is refused, with the reason for the client
    with pytest.raises(TokenError) as refusal:
        opened(token(**changes))
    assert www_authenticate(refusal.value) == (
        f'Bearer scope="" error="invalid_token" error_description="{reason}"'
    )


def unsigned() -> str:
    header, payload, _ = token().split(".")
    nothing = "eyJhbGciOiJub25lIiwia2lkIjoiazEifQ"  # {"alg":"none","kid":"k1"}
    assert header != nothing
    return f"{nothing}.{payload}."


def signed_with_the_public_key() -> str:
    header, payload = (
        base64url(json.dumps(one)) for one in ({"alg": "HS256", "kid": "k1"}, claims())
    )
    signature = hmac.digest(KEY.as_pem(private=False), f"{header}.{payload}".encode(), "sha256")
    return f"{header}.{payload}.{base64url(signature)}"


def base64url(value: str | bytes) -> str:
    data = value.encode() if isinstance(value, str) else value
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param(unsigned, id="alg none"),
        pytest.param(signed_with_the_public_key, id="HMAC with the public key"),
        pytest.param(lambda: token(STRANGERS), id="another key under the same id"),
        pytest.param(lambda: token(header={"kid": "k2"}), id="an unknown key id"),
        pytest.param(lambda: token()[:-6] + "AAAAAA", id="a broken signature"),
        pytest.param(lambda: "not.a.token", id="no token"),
        pytest.param(lambda: "a", id="a word"),
    ],
)
def test_forged_tokens_open_nothing(forged: Any) -> None:
    # Given a forged token
    # When a request has it
    # Then it is refused
    with pytest.raises(TokenError):
        opened(forged())


@pytest.mark.parametrize(
    ("forged", "algorithm"), [(unsigned, "none"), (signed_with_the_public_key, "HS256")]
)
def test_only_rsa_is_a_signing_method(forged: Any, algorithm: str) -> None:
    # Given a token without a signature, and one with a signature that anybody can make
    # When a request has it
    # Then its method is what is wrong, before any key is looked at
    with pytest.raises(TokenError, match=f"signing method {algorithm} is invalid"):
        opened(forged())


@pytest.mark.parametrize("value", ["", "Basic abc"])
def test_a_request_without_a_token_gets_only_the_scheme(value: str) -> None:
    # Given a request without a token, when it comes
    with pytest.raises(TokenError) as refusal:
        opened(value)

    # Then it learns the scheme, and no reason
    assert www_authenticate(refusal.value) == "Bearer"


def test_a_route_that_needs_a_scope_takes_a_token_with_one_of_its_scopes() -> None:
    # Given a route with two scopes
    # When a token has one of them, it opens the route
    assert opened(token(scope="other ride"), scopes=("ride", "admin"))

    # And when it has none, the refusal names them
    with pytest.raises(TokenError) as refusal:
        opened(token(scope="other"), scopes=("ride", "admin"))
    assert refusal.value.scope == "ride admin"
    assert 'error="insufficient_scope"' in www_authenticate(refusal.value)
