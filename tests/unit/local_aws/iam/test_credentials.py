"""Requests whose key, token or signature is not good, and how they are refused."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from typing import Any

import botocore.auth
import pytest
from botocore.auth import HmacV1QueryAuth, S3SigV4QueryAuth, SigV4Auth
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

    # Then the error says that it expired
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


def unsigned_operation(account: Any) -> AWSRequest:
    request: AWSRequest = account.signed(account.session())
    request.headers["X-Amz-Extra"] = "not signed"
    return request


def administrators_with_another_secret(account: Any) -> AWSRequest:
    request: AWSRequest = account.signed(Credentials("local", "wrong"))
    return request


@pytest.mark.parametrize(
    "forged",
    [
        wrong_secret,
        tampered_body,
        body_without_its_signed_hash,
        tampered_operation,
        unsigned_operation,
        administrators_with_another_secret,
    ],
)
def test_a_signature_that_does_not_match_is_refused(
    account: Any, forged: Callable[[Any], AWSRequest]
) -> None:
    # Given a request that is not as its signer signed it
    request = forged(account)

    # When it is sent
    answer = account.send(request)

    # Then the signature does not match
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


def no_signature(header: str) -> str:
    return header.partition(", ")[0]


def two_credentials(header: str) -> str:
    credential, _, rest = header.partition(", ")
    other = credential.partition(" ")[2].replace("dynamodb", "iam")
    return f"{credential}, {other}, {rest}"


def another_day(header: str) -> str:
    return re.sub(r"/\d{8}/", "/20200101/", header, count=1)


@pytest.mark.parametrize("changed", [no_signature, two_credentials, another_day])
def test_an_authorization_header_that_is_not_whole_is_refused(
    account: Any, changed: Callable[[str], str]
) -> None:
    # Given a request whose Authorization header is not as Signature Version 4 has it
    request = account.signed(account.session())
    request.headers.replace_header("Authorization", changed(request.headers["Authorization"]))

    # When it is sent
    answer = account.send(request)

    # Then that is what is wrong with it
    assert (answer.status, answer.code) == (400, "IncompleteSignatureException")


def test_a_date_header_may_stand_in_for_x_amz_date(account: Any) -> None:
    # Given a request whose time is in its Date header, as the guide allows
    request = account.signed(account.session())
    now = datetime.now(UTC)
    del request.headers["X-Amz-Date"]
    del request.headers["Authorization"]
    request.headers["Date"] = format_datetime(now, usegmt=True)
    known = account.session()
    request.headers.replace_header("X-Amz-Security-Token", known.token)
    signer = SigV4Auth(known, "dynamodb", "us-east-1")
    request.context["timestamp"] = f"{now:%Y%m%dT%H%M%SZ}"
    to_sign = signer.string_to_sign(request, signer.canonical_request(request))
    headers = signer.signed_headers(signer.headers_to_sign(request))
    request.headers["Authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={signer.scope(request)},SignedHeaders={headers},"
        f"Signature={signer.signature(to_sign, request)}"
    )

    # When it is sent
    # Then it is verified
    assert account.send(request).status == 200


def made_up(_: Any) -> Credentials:
    return Credentials("test", "test")


def real(_: Any) -> Credentials:
    return Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")


@pytest.mark.parametrize("credentials", [made_up, real])
def test_only_the_local_key_is_the_administrators(
    account: Any, credentials: Callable[[Any], Credentials]
) -> None:
    # Given credentials that the local AWS did not issue
    # When they are used
    answer = account.ask(credentials(account), "{}", "DeleteTable")

    # Then it does not know them
    assert (answer.status, answer.code) == (400, "UnrecognizedClientException")
    assert account.ask(Credentials("local", "local"), "{}", "DeleteTable").status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"X-Amz-Target": "DynamoDB_20120810.DeleteTable"}, 400),
        ({"X-Amz-Target": "AWSCognitoIdentityProviderService.CreateUserPool"}, 400),
        ({"X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth"}, 200),
        ({"Authorization": "Basic bG9jYWw6bG9jYWw="}, 403),
    ],
)
def test_a_request_without_a_signature_is_refused_where_aws_wants_one(
    account: Any, headers: dict[str, str], status: int
) -> None:
    # Given a request that nobody signed
    # When it is sent
    answer = account.open("/", method="POST", data="{}", headers=headers)

    # Then it is refused, but for an operation that is for everybody
    assert answer.status == status
    assert status == 200 or "Missing Authentication Token" in answer.body


def test_the_public_keys_of_a_user_pool_are_public(account: Any) -> None:
    # Given the address of a user pool's keys
    # When it is opened
    # Then it needs no signature
    assert account.open("/us-east-1_abc/.well-known/jwks.json").status == 200


def presigned(account: Any, expires: int = 60, secret: str | None = None) -> str:
    """Return the path of a presigned URL that puts an object into a bucket."""
    known = account.session()
    request = AWSRequest("PUT", "http://localhost/bucket/a%20b")
    credentials = Credentials(known.access_key, secret or known.secret_key, known.token)
    S3SigV4QueryAuth(credentials, "s3", "us-east-1", expires=expires).add_auth(request)
    return str(request.url).removeprefix("http://localhost")


def test_a_presigned_url_is_checked_as_a_signed_request_is(account: Any) -> None:
    # Given a role that may put objects into a bucket, and presigned URLs of its sessions
    document = account.policy("Allow", "s3:PutObject", "arn:aws:s3:::bucket/*")
    good, late = presigned(account), presigned(account, expires=-1)
    forged = presigned(account, secret="wrong")
    denied = account.open(good, method="PUT", data="content")
    account.iam.put_role_policy("Writer", "put", document)

    # When they are opened
    answers = [account.open(url, method="PUT", data="content") for url in (good, late, forged)]
    elsewhere = account.open(good.replace("a%20b", "secret"), method="PUT")

    # Then the one that is well signed, in time and allowed is served
    assert "s3:PutObject on resource: arn:aws:s3:::bucket/a b" in denied.body
    assert [answer.status for answer in answers] == [200, 403, 403]
    assert elsewhere.status == 403


def presigned_v2(account: Any, expires: int = 60, secret: str | None = None) -> str:
    """Return the path of a presigned URL of version 2 that puts an object into a bucket, with a version of it."""
    known = account.session()
    request = AWSRequest("PUT", "http://localhost/bucket/a%20b?versionId=1%2B1")
    credentials = Credentials(known.access_key, secret or known.secret_key, known.token)
    HmacV1QueryAuth(credentials, expires=expires).add_auth(request)
    return str(request.url).removeprefix("http://localhost")


def test_a_presigned_url_of_version_2_is_checked_too(account: Any) -> None:
    # Given a role that may put objects into a bucket, and presigned URLs of the older version
    document = account.policy("Allow", "s3:PutObject", "arn:aws:s3:::bucket/*")
    good, late = presigned_v2(account), presigned_v2(account, expires=-1)
    forged = presigned_v2(account, secret="wrong")
    denied = account.open(good, method="PUT", data="content")
    account.iam.put_role_policy("Writer", "put", document)

    # When they are opened, and others that were changed
    answers = [account.open(url, method="PUT", data="content") for url in (good, late, forged)]
    changed = [
        account.open(url, method=method)
        for method, url in (
            ("PUT", good.replace("a%20b", "secret")),
            ("PUT", good.replace("1%2B1", "2")),
            ("PUT", good.replace("Expires=", "Expires=9")),
            ("PUT", good.replace("Expires=", "Expired=")),
            ("DELETE", good),
        )
    ]

    # Then the one that is well signed, in time and allowed is served
    assert "s3:PutObject on resource: arn:aws:s3:::bucket/a b" in denied.body
    assert [answer.status for answer in answers] == [200, 403, 403]
    assert [answer.status for answer in changed] == [403] * 5


def test_a_presigned_url_with_an_endless_time_is_refused(account: Any) -> None:
    # Given a presigned URL, when its time is no number of seconds any more, then it is refused
    url = presigned(account).replace("X-Amz-Expires=60", f"X-Amz-Expires={'9' * 30}")
    assert account.open(url, method="PUT").status == 403
