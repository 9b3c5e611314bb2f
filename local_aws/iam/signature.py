"""Verifies Signature Version 4: which key a request claims to be signed with, and whether it is.

"Elements of an AWS API request signature" and "Create a signed AWS API request" in the IAM guide.
"""

import functools
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, quote

from botocore.utils import normalize_url_path

from local_aws.iam.signed_chunks import (
    SIGNED,
    SIGNED_WITH_TRAILER,
    UNSIGNED,
    Seed,
    are_signed,
)

_ALGORITHM = "AWS4-HMAC-SHA256"
# Credential must be the first field, as moto reads it there.
_HEADER = re.compile(
    rf"{_ALGORITHM}\s+Credential=(?P<credential>[^,\s]+)\s*,\s*"
    r"SignedHeaders=(?P<headers>[^,\s]+)\s*,\s*Signature=(?P<signature>[^,\s]+)\s*"
)
# moto searches the whole header for a key and a region, so nothing else in it may look like them.
_CREDENTIAL = re.compile(
    r"([A-Za-z0-9_]+)/(\d{8})/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request", re.ASCII
)
_SIGNED_HEADERS = re.compile(r"[a-z0-9!#$%&'*+.^_`|~;-]+")
_ANYWHERE = re.compile(r"Credential=([^/,\s]+)/\d*/([^/,\s]*)/([^/,\s]+)/")
_TIMESTAMP = re.compile(r"\d{8}T\d{6}Z")
_FORMAT = "%Y%m%dT%H%M%SZ"
_SECONDS = re.compile(r"\d{1,9}")
_LONGEST_PRESIGNED = timedelta(days=7)
# A request must reach AWS within five minutes of its timestamp.
CLOCK_SKEW = timedelta(minutes=5)
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)


@dataclass(frozen=True)
class Claim:
    """The signature that a request claims to have, in a header or, if `presigned`, in the query string.

    It is `complete` if it has everything that is needed to verify it.
    """

    access_key_id: str
    region: str
    service: str
    session_token: str | None = None
    signed_headers: tuple[str, ...] = ()
    signature: str = ""
    timestamp: str = ""
    expires: timedelta | None = None
    presigned: bool = False
    complete: bool = True
    version: int = 4


def read(environ: Mapping[str, Any]) -> Claim | None:
    """Read the claim from a WSGI environment; None if the request is not signed with Signature Version 4."""
    header = environ.get("HTTP_AUTHORIZATION")
    if header is None:
        return _presigned(environ.get("QUERY_STRING", ""))
    if not header.startswith(_ALGORITHM):
        return None
    fields = _HEADER.fullmatch(header)
    timestamp = environ.get("HTTP_X_AMZ_DATE") or _timestamp(environ.get("HTTP_DATE", ""))
    credential = _CREDENTIAL.fullmatch(fields["credential"]) if fields else None
    if fields is None or credential is None or not _SIGNED_HEADERS.fullmatch(fields["headers"]):
        return _incomplete(header)
    access_key_id, date, region, service = credential.groups()
    return Claim(
        access_key_id=access_key_id,
        region=region,
        service=service,
        session_token=environ.get("HTTP_X_AMZ_SECURITY_TOKEN"),
        signed_headers=tuple(fields["headers"].split(";")),
        signature=fields["signature"],
        timestamp=timestamp,
        complete=timestamp.startswith(date),
    )


def _timestamp(date: str) -> str:
    """Return the signed timestamp of a Date header, which requests may have instead of X-Amz-Date."""
    try:
        return parsedate_to_datetime(date).astimezone(UTC).strftime(_FORMAT)
    except ValueError:
        return ""


def _incomplete(header: str) -> Claim | None:
    named = _ANYWHERE.search(header)
    if named is None:
        return None
    access_key_id, region, service = named.groups()
    return Claim(access_key_id, region, service, complete=False)


def _presigned(query_string: str) -> Claim | None:
    query = dict(parse_qsl(query_string))
    credential = query.get("X-Amz-Credential")
    if credential is None:
        return None
    parts = _CREDENTIAL.fullmatch(credential)
    expires = query.get("X-Amz-Expires", "")
    signed_headers = query.get("X-Amz-SignedHeaders", "")
    whole = parts is not None and _SIGNED_HEADERS.fullmatch(signed_headers)
    if parts is None or not whole or not _SECONDS.fullmatch(expires):
        return Claim(credential.partition("/")[0], "", "s3", presigned=True, complete=False)
    access_key_id, date, region, service = parts.groups()
    timestamp = query.get("X-Amz-Date", "")
    return Claim(
        access_key_id=access_key_id,
        region=region,
        service=service,
        session_token=query.get("X-Amz-Security-Token"),
        signed_headers=tuple(signed_headers.split(";")),
        signature=query.get("X-Amz-Signature", ""),
        timestamp=timestamp,
        expires=timedelta(seconds=int(expires)),
        presigned=True,
        complete=timestamp.startswith(date),
    )


def header(claim: Claim) -> str:
    """Return the Authorization header for a presigned URL: moto needs it to find the service of a request."""
    credential = (
        f"{claim.access_key_id}/{claim.timestamp[:8]}/{claim.region}/{claim.service}/aws4_request"
    )
    headers = ";".join(claim.signed_headers)
    return f"{_ALGORITHM} Credential={credential}, SignedHeaders={headers}, Signature={claim.signature}"


def fault(claim: Claim, secret: str, request: Any) -> str | None:
    """Return AWS's message about the signature of a request of moto's; None if it is valid for the secret, and now."""
    payload_hash = _payload_hash(claim, request)
    if payload_hash is None or not _signs_enough(claim, request):
        return MISMATCH
    scope = f"{claim.timestamp[:8]}/{claim.region}/{claim.service}/aws4_request"
    canonical = _canonical_request(claim, request, payload_hash)
    to_sign = "\n".join(
        (_ALGORITHM, claim.timestamp, scope, sha256(canonical.encode()).hexdigest())
    )
    key = _signing_key(secret, claim.timestamp[:8], claim.region, claim.service)
    if not hmac.compare_digest(_hmac(key, to_sign).hex(), claim.signature):
        return MISMATCH
    if payload_hash in (SIGNED, SIGNED_WITH_TRAILER):
        seed = Seed(key, claim.timestamp, scope, claim.signature)
        if not are_signed(request.get_data(), seed, trailer=payload_hash == SIGNED_WITH_TRAILER):
            return MISMATCH
    return _lateness(claim)


def _payload_hash(claim: Claim, request: Any) -> str | None:
    """Return the hash of the payload in the signature; None if the request declares a wrong one."""
    if claim.presigned and claim.service == "s3":
        return "UNSIGNED-PAYLOAD"
    declared = request.environ.get("HTTP_X_AMZ_CONTENT_SHA256")
    if declared and not re.fullmatch("[0-9a-f]{64}", declared):
        known = declared in (SIGNED, SIGNED_WITH_TRAILER, *UNSIGNED)
        return str(declared) if claim.service == "s3" and known else None
    actual = sha256(request.get_data()).hexdigest()
    return actual if declared in (None, actual) else None


def _signs_enough(claim: Claim, request: Any) -> bool:
    """Whether the signature covers Host, the date and all X-Amz headers."""
    signed = {_key(name) for name in claim.signed_headers}
    wanted = {name for name in request.environ if name.startswith("HTTP_X_AMZ_")}
    wanted.add("HTTP_HOST")
    if claim.presigned:
        wanted.discard("HTTP_X_AMZ_SECURITY_TOKEN")
    elif "HTTP_X_AMZ_DATE" not in wanted:
        wanted.add("HTTP_DATE")
    return wanted <= signed


def _canonical_request(claim: Claim, request: Any, payload_hash: str) -> str:
    path = request.raw_path
    if claim.service != "s3":
        path = quote(normalize_url_path(path), safe="/~")
    pairs = [pair.partition("=") for pair in request.query_string.decode("latin-1").split("&")]
    query = sorted((name, value) for name, _, value in pairs if name and name != "X-Amz-Signature")
    headers = [
        f"{name}:{' '.join(request.environ.get(_key(name), '').split())}\n"
        for name in claim.signed_headers
    ]
    return "\n".join(
        (
            request.method,
            path,
            "&".join(f"{name}={value}" for name, value in query),
            "".join(headers),
            ";".join(claim.signed_headers),
            payload_hash,
        )
    )


@functools.lru_cache(maxsize=256)
def _key(header_name: str) -> str:
    """Return the name of a header in a WSGI environment; a lookup in werkzeug's headers is ten times slower."""
    name = header_name.upper().replace("-", "_")
    return name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"


@functools.lru_cache(maxsize=256)
def _signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (date, region, service, "aws4_request"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


def _lateness(claim: Claim) -> str | None:
    """Return AWS's message if the signed timestamp is too old or too new; None if it is not."""
    timestamp = claim.timestamp
    if not _TIMESTAMP.fullmatch(timestamp):
        return MISMATCH
    try:
        signed = datetime.fromisoformat(timestamp)
    except ValueError:
        return MISMATCH
    now = datetime.now(UTC)
    if claim.expires is not None and claim.expires > _LONGEST_PRESIGNED:
        return "X-Amz-Expires must be less than a week (in seconds) that is 604800"
    if claim.expires is not None and now > signed + claim.expires:
        return "Request has expired"
    if claim.expires is None and now - signed > CLOCK_SKEW:
        return (
            f"Signature expired: {timestamp} is now earlier than {now - CLOCK_SKEW:{_FORMAT}} "
            f"({now:{_FORMAT}} - 5 min.)"
        )
    if signed - now > CLOCK_SKEW:
        return (
            f"Signature not yet current: {timestamp} is still later than {now + CLOCK_SKEW:{_FORMAT}} "
            f"({now:{_FORMAT}} + 5 min.)"
        )
    return None
