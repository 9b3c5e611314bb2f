"""Uploads signed chunk by chunk, with the example of the API reference of S3."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest

from local_aws.iam.signature import _signing_key
from local_aws.iam.signed_chunks import SIGNED, SIGNED_WITH_TRAILER, Seed, are_signed

# "Transferring payload in multiple chunks": its key, its request and its chunks.
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # pragma: allowlist secret: AWS's example
SEED = Seed(
    _signing_key(SECRET, "20130524", "us-east-1", "s3"),
    "20130524T000000Z",
    "20130524/us-east-1/s3/aws4_request",
    "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
)
SIGNATURES = (
    "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
    "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
    "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
)


def chunk(data: bytes, signature: str) -> bytes:
    end = b"\r\n" if data else b""
    return f"{len(data):x};chunk-signature={signature}\r\n".encode() + data + end


BODY = b"".join(map(chunk, (b"a" * 65536, b"a" * 1024, b""), SIGNATURES))


def test_the_example_of_the_api_reference() -> None:
    # Given the example's body, when its chunks are checked, then they are signed, with an empty line at the end or not
    assert are_signed(BODY, SEED, trailer=False)
    assert are_signed(BODY + b"\r\n", SEED, trailer=False)


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.replace(b"aaa", b"aab", 1),
        lambda body: body[: -len(chunk(b"", SIGNATURES[2]))],
        lambda body: body[:-10],
        lambda body: body + b"more",
        lambda body: b"",
        lambda body: body.replace(b";chunk-signature", b";signature", 1),
        lambda body: body.replace(SIGNATURES[1].encode(), SIGNATURES[0].encode()),
    ],
)
def test_a_body_that_was_changed_is_not_signed(change: Callable[[bytes], bytes]) -> None:
    # Given the example's body with a change, when its chunks are checked, then they are not signed
    assert not are_signed(change(BODY), SEED, trailer=False)


def test_a_trailer_is_signed_too() -> None:
    # Given a body with a trailing checksum
    checksum = b"x-amz-checksum-crc32c:sOO8/Q=="
    signature = SEED.next("TRAILER", SIGNATURES[2], sha256(checksum + b"\n").hexdigest())
    trailer = checksum + f"\r\nx-amz-trailer-signature:{signature}\r\n\r\n".encode()

    # When it is checked, then the trailer is part of what is signed
    assert are_signed(BODY + trailer, SEED, trailer=True)
    assert not are_signed(BODY + trailer.replace(b"sOO8", b"sOO9"), SEED, trailer=True)
    assert not are_signed(BODY, SEED, trailer=True)


@pytest.mark.parametrize(
    ("declared", "body", "status"),
    [
        (SIGNED, b"", 403),
        (SIGNED, b"7;chunk-signature=" + b"0" * 64 + b"\r\ncontent\r\n", 403),
        (SIGNED_WITH_TRAILER, b"", 403),
        ("UNSIGNED-PAYLOAD", b"content", 200),
        ("STREAMING-UNSIGNED-PAYLOAD-TRAILER", b"content", 200),
        ("ANYTHING", b"content", 403),
    ],
)
def test_what_a_request_declares_of_its_payload(
    account: Any, declared: str, body: bytes, status: int
) -> None:
    # Given a role that may write to a bucket, and a request that is signed with what it declares of its payload
    account.iam.put_role_policy("Writer", "s3", account.policy("Allow", "s3:*", "arn:aws:s3:::b/*"))
    headers = {"Host": "localhost", "X-Amz-Content-SHA256": declared}
    request = AWSRequest("PUT", "http://localhost/b/key", headers=headers, data=body)
    _Declaring(account.session(), "s3", "us-east-1").add_auth(request)

    # When it is sent, then chunks that are to be signed must be
    answer = account.open("/b/key", method="PUT", data=body, headers=dict(request.headers))
    assert answer.status == status


class _Declaring(S3SigV4Auth):  # type: ignore[misc, unused-ignore] # botocore has no types
    """Signs the payload's hash that the request declares."""

    def payload(self, request: Any) -> Any:
        return request.headers["X-Amz-Content-SHA256"]

    def _modify_request_before_signing(self, request: Any) -> None:
        declared = request.headers["X-Amz-Content-SHA256"]
        super()._modify_request_before_signing(request)  # type: ignore[misc, unused-ignore] # not in botocore's stubs
        del request.headers["X-Amz-Content-SHA256"]
        request.headers["X-Amz-Content-SHA256"] = declared
