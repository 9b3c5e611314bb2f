"""Signature Version 4 as a server sees it: whose key a request claims to be signed with, and whether it was."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

CREDENTIAL = re.compile(r"([^/]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")
FIELD = re.compile(r"(Credential|SignedHeaders|Signature)=([^,\s]+)")
TIMESTAMP = "%Y%m%dT%H%M%SZ"
# "Elements of an AWS API request signature": a request must reach AWS within five minutes of its timestamp.
CLOCK_SKEW = timedelta(minutes=5)
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)


@dataclass(frozen=True)
class Claim:
    """What a request says of its own signature. A presigned URL's is in its query, and not read any further."""

    access_key_id: str
    region: str
    service: str
    session_token: str | None = None
    signed_headers: tuple[str, ...] = ()
    signature: str = ""
    presigned: bool = False


def read(environ: Mapping[str, Any]) -> Claim | None:
    """Read the claim from a WSGI environment; None if the request is not signed with Signature Version 4."""
    header = environ.get("HTTP_AUTHORIZATION")
    if header is None:
        return _presigned(environ.get("QUERY_STRING", ""))
    fields = dict(FIELD.findall(header)) if header.startswith("AWS4-HMAC-SHA256") else {}
    credential = CREDENTIAL.fullmatch(fields.get("Credential", ""))
    if credential is None:
        return None
    access_key_id, region, service = credential.groups()
    return Claim(
        access_key_id=access_key_id,
        region=region,
        service=service,
        session_token=environ.get("HTTP_X_AMZ_SECURITY_TOKEN"),
        signed_headers=tuple(fields.get("SignedHeaders", "").split(";")),
        signature=fields.get("Signature", ""),
    )


def _presigned(query_string: str) -> Claim | None:
    """Read a presigned URL, of this version or, as botocore still makes them for S3, of version 2."""
    query = dict(parse_qsl(query_string))
    credential = query.get("X-Amz-Credential") or query.get("AWSAccessKeyId")
    if credential is None:
        return None
    return Claim(credential.partition("/")[0], region="", service="s3", presigned=True)


def fault(claim: Claim, secret: str, request: Any) -> str | None:
    """Return what is wrong with a request's signature, in AWS's words; None if the secret made it, just now.

    `request` is werkzeug's. The chunks of a streamed S3 upload are not checked, only what was signed before them.
    """
    body = request.get_data()
    timestamp = request.headers.get("X-Amz-Date", "")
    declared = request.headers.get("X-Amz-Content-SHA256", "")
    if re.fullmatch("[0-9a-f]{64}", declared) and declared != sha256(body).hexdigest():
        return MISMATCH
    received = AWSRequest(
        method=request.method,
        url=request.raw_url,
        data=body,
        headers={
            name: request.headers[name] for name in claim.signed_headers if name in request.headers
        },
    )
    received.context["timestamp"] = timestamp
    signer = (S3SigV4Auth if claim.service == "s3" else SigV4Auth)(
        Credentials(claim.access_key_id, secret), claim.service, claim.region
    )
    to_sign = signer.string_to_sign(received, signer.canonical_request(received))
    if not hmac.compare_digest(signer.signature(to_sign, received), claim.signature):
        return MISMATCH
    return _lateness(timestamp)


def _lateness(timestamp: str) -> str | None:
    """Return why a timestamp that was signed is too far from now."""
    try:
        signed = datetime.strptime(timestamp, TIMESTAMP).replace(tzinfo=UTC)
    except ValueError:
        return MISMATCH
    now = datetime.now(UTC)
    if now - signed > CLOCK_SKEW:
        return (
            f"Signature expired: {timestamp} is now earlier than {now - CLOCK_SKEW:{TIMESTAMP}} "
            f"({now:{TIMESTAMP}} - 5 min.)"
        )
    if signed - now > CLOCK_SKEW:
        return (
            f"Signature not yet current: {timestamp} is still later than {now + CLOCK_SKEW:{TIMESTAMP}} "
            f"({now:{TIMESTAMP}} + 5 min.)"
        )
    return None
