"""Tokens end when the client says."""

import time

import pytest
from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPoolClient, UserStatus

from local_aws.cognito import sessions
from local_aws.cognito.errors import CognitoError
from local_aws.cognito.pool import Pool

HOUR_S = 3600


@pytest.fixture
def pool() -> Pool:
    """Give a pool with a rider and a client, whose refresh tokens are valid for two hours."""
    pool = Pool("123456789012", "us-east-1", "riders", {})
    pool.users["zoe"] = CognitoIdpUser(pool.id, "zoe", "password", UserStatus.CONFIRMED, [])
    config = {"RefreshTokenValidity": 2, "TokenValidityUnits": {"RefreshToken": "hours"}}
    pool.clients["page"] = CognitoIdpUserPoolClient(pool.id, False, config)
    pool.clients["page"].id = "page"
    return pool


def test_an_access_token_is_good_for_an_hour_and_a_refresh_token_as_long_as_the_client_says(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given tokens of a sign-in
    refresh_token, _ = pool.create_refresh_token("page", "zoe")
    access_token, _, valid_s = pool.create_tokens_from_refresh_token(refresh_token)
    assert valid_s == HOUR_S
    assert access_token in pool.access_tokens
    now = time.time()

    # When an hour has passed, then the access token is no longer good, and the refresh token is
    monkeypatch.setattr("time.time", lambda: now + HOUR_S + 1)
    assert access_token not in pool.access_tokens
    assert sessions._user_of(pool, pool.clients["page"], refresh_token).username == "zoe"

    # And after two, that has expired too
    monkeypatch.setattr("time.time", lambda: now + 2 * HOUR_S + 1)
    with pytest.raises(CognitoError, match="Refresh Token has expired"):
        sessions._user_of(pool, pool.clients["page"], refresh_token)


def test_a_replaced_refresh_token_is_good_for_the_grace_period(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a refresh token that was replaced, with ten seconds of grace
    old, _ = pool.create_refresh_token("page", "zoe")
    new = pool.rotate(old, grace_s=10)
    client, now = pool.clients["page"], time.time()

    # When it is used within them and after them
    assert sessions._user_of(pool, client, old).username == "zoe"
    monkeypatch.setattr("time.time", lambda: now + 11)

    # Then only the new one is good, for the rest of the old one's time
    with pytest.raises(CognitoError, match="rotated"):
        sessions._user_of(pool, client, old)
    assert sessions._user_of(pool, client, new).username == "zoe"
    monkeypatch.setattr("time.time", lambda: now + 2 * HOUR_S + 1)
    with pytest.raises(CognitoError, match="expired"):
        sessions._user_of(pool, client, new)
