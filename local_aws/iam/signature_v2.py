"""Verifies presigned URLs of Signature Version 2, which botocore still creates for S3 by default.

After "Signing and authenticating REST requests (AWS signature version 2)" in the S3 guide, with botocore's signer.
"""

import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from botocore.auth import HmacV1QueryAuth
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials

from local_aws.iam.signature import MISMATCH, Claim

VERSION = 2
# Such a URL has no region.
_REGION = "us-east-1"
_SECONDS = re.compile(r"\d{1,12}")
_OWN = ("AWSAccessKeyId", "Signature", "Expires")


def read(environ: Mapping[str, Any]) -> Claim | None:
    """Read the claim from a WSGI environment; None if the URL has none. Its timestamp is the time of expiry."""
    query = dict(parse_qsl(environ.get("QUERY_STRING", "")))
    key = query.get("AWSAccessKeyId")
    if key is None:
        return None
    expires = query.get("Expires", "")
    return Claim(
        access_key_id=key,
        region=_REGION,
        service="s3",
        session_token=query.get("x-amz-security-token"),
        signature=query.get("Signature", ""),
        timestamp=expires,
        presigned=True,
        complete=_SECONDS.fullmatch(expires) is not None,
        version=VERSION,
    )


def fault(claim: Claim, secret: str, request: Any) -> str | None:
    """Return AWS's message about the signature of a URL; None if it is valid for the secret, and has not expired."""
    query = parse_qsl(request.query_string.decode("latin-1"), keep_blank_values=True)
    sent = ((name.lower(), value) for name, value in request.headers.items())
    # Headers that were signed are in the query string, and may be sent as headers too.
    signed = {name: value for name, value in (*query, *sent) if _is_signed(name)}
    headers = HTTPHeaders()
    for name, value in signed.items():
        headers[name] = value
    asked = [(name, value) for name, value in query if name not in _OWN and name not in headers]
    address = urlsplit(f"{request.raw_path}?{urlencode(asked)}")
    signer = _Signer(Credentials(claim.access_key_id, secret), claim.timestamp)
    expected: str = signer.get_signature(request.method, address, headers)  # type: ignore[arg-type] # as botocore does
    if not hmac.compare_digest(expected, claim.signature):
        return MISMATCH
    now = datetime.now(UTC).timestamp()
    return "Request has expired" if now > int(claim.timestamp) else None


def _is_signed(header: str) -> bool:
    return header.startswith("x-amz-") or header in ("content-md5", "content-type")


class _Signer(HmacV1QueryAuth):  # type: ignore[misc, unused-ignore] # botocore has no types
    """Signs with a given time of expiry."""

    def __init__(self, credentials: Credentials, expires: str) -> None:
        super().__init__(credentials)
        self._date = expires

    def _get_date(self) -> str:
        return self._date
