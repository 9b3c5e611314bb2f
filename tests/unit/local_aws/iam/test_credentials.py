"""Requests whose key, token or signature is not good, and what they are told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def unknown_key(known: Credentials) -> Credentials:
    return Credentials("ASIAZZZZZZZZZZZZZZZZ", known.secret_key, known.token)


def unknown_key_without_token(known: Credentials) -> Credentials:
    return Credentials("ASIAZZZZZZZZZZZZZZZZ", known.secret_key)


def deployers_key_with_a_token(known: Credentials) -> Credentials:
    return Credentials("local", known.secret_key, known.token)


def without_token(known: Credentials) -> Credentials:
    return Credentials(known.access_key, known.secret_key)


def with_another_token(known: Credentials) -> Credentials:
    return Credentials(known.access_key, known.secret_key, "another")


@pytest.mark.parametrize(
    "changed",
    [
        unknown_key,
        unknown_key_without_token,
        deployers_key_with_a_token,
        without_token,
        with_another_token,
    ],
)
def test_unknown_credentials_are_refused(
    account: Any, changed: Callable[[Credentials], Credentials]
) -> None:
    # Given credentials that look like a session's and are not
    credentials = changed(account.session())

    # When they are used
    answer = account.ask(credentials)

    # Then they are not known
    assert (answer.status, answer.code) == (400, "UnrecognizedClientException")


def test_a_users_deactivated_key_is_unknown(account: Any) -> None:
    # Given a user who may do everything, with a key that is switched off
    account.iam.create_user("us-east-1", "zoe")
    account.iam.put_user_policy("zoe", "all", account.policy("Allow", "*", "*"))
    key = account.iam.create_access_key("zoe")
    account.iam.update_access_key("zoe", key.access_key_id, status="Inactive")

    # When it is used
    answer = account.ask(Credentials(key.access_key_id, key.secret_access_key))

    # Then AWS would not know it
    assert answer.code == "UnrecognizedClientException"


def test_an_expired_session_is_refused(account: Any) -> None:
    # Given a session that ended a second ago
    credentials = account.session(duration=-1)

    # When it is used
    answer = account.ask(credentials)

    # Then it is told that it expired
    assert (answer.status, answer.code) == (400, "ExpiredTokenException")


def wrong_secret(account: Any) -> AWSRequest:
    known = account.session()
    request: AWSRequest = account.signed(Credentials(known.access_key, "wrong", known.token))
    return request


def tampered_body(account: Any) -> AWSRequest:
    request: AWSRequest = account.signed(account.session())
    request.data = '{"TableName": "Rides", "Item": {"RideId": {"S": "another"}}}'
    return request


def body_without_its_signed_hash(account: Any) -> AWSRequest:
    headers = {"X-Amz-Content-SHA256": sha256(b"another").hexdigest()}
    request: AWSRequest = account.signed(account.session(), **headers)
    return request


def tampered_operation(account: Any) -> AWSRequest:
    request: AWSRequest = account.signed(account.session())
    request.headers.replace_header("X-Amz-Target", "DynamoDB_20120810.DeleteItem")
    return request


def no_signature(account: Any) -> AWSRequest:
    request: AWSRequest = account.signed(account.session())
    credential, _, _ = request.headers["Authorization"].partition(", ")
    request.headers.replace_header("Authorization", credential)
    return request


@pytest.mark.parametrize(
    "forged",
    [wrong_secret, tampered_body, body_without_its_signed_hash, tampered_operation, no_signature],
)
def test_a_signature_that_does_not_match_is_refused(
    account: Any, forged: Callable[[Any], AWSRequest]
) -> None:
    # Given a request that is not as its signer signed it
    request = forged(account)

    # When it is sent
    answer = account.send(request)

    # Then the signature is told not to match
    assert (answer.status, answer.code) == (400, "InvalidSignatureException")
    assert "does not match" in answer.message


@pytest.mark.parametrize(
    ("minutes", "sentence"), [(-6, "Signature expired: "), (6, "Signature not yet current: ")]
)
def test_a_signature_from_another_time_is_refused(
    account: Any, monkeypatch: pytest.MonkeyPatch, minutes: int, sentence: str
) -> None:
    # Given a request signed by a clock that is minutes off
    then = datetime.now(UTC) + timedelta(minutes=minutes)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: then)

    # When it is sent
    answer = account.ask(account.session())

    # Then it is refused, with both times
    assert answer.code == "InvalidSignatureException"
    assert answer.message.startswith(sentence)


@pytest.mark.parametrize(
    "query",
    ["X-Amz-Credential={key}%2F20261122%2Fus-east-1%2Fs3%2Faws4_request", "AWSAccessKeyId={key}"],
)
def test_a_presigned_url_of_a_session_is_refused_as_unsupported(account: Any, query: str) -> None:
    # Given a presigned URL, with either version of the signature
    url = "/bucket/key?" + query.format(key=account.session().access_key)

    # When it is opened
    answer = account.open(url)

    # Then it is refused, and told why
    assert answer.status == 403
    assert "does not check presigned requests" in answer.body
