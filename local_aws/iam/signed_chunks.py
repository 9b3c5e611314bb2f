"""Verifies uploads to S3 in signed chunks, where each signature includes the one before.

After "Signature calculations for the Authorization header: Transferring payload in multiple chunks" in the API
reference of S3, and the same page for trailing headers.
"""

import hmac
import re
from dataclasses import dataclass
from hashlib import sha256

SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
SIGNED_WITH_TRAILER = f"{SIGNED}-TRAILER"
# The values of X-Amz-Content-Sha256 for payloads that are not signed.
UNSIGNED = frozenset(("UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"))
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,16});chunk-signature=([0-9a-f]{64})\r\n")
_TRAILER = re.compile(rb"((?:[^\r\n:]+:[^\r\n]*\r?\n)+)x-amz-trailer-signature:([0-9a-f]{64})\s*")
_NOTHING = sha256(b"").hexdigest()


@dataclass(frozen=True)
class Seed:
    """The key, and the values from the signature of the request with which the signatures of chunks begin."""

    key: bytes
    timestamp: str
    scope: str
    signature: str

    def next(self, kind: str, previous: str, *hashes: str) -> str:
        """Return the signature of a chunk, or of the trailer, that follows the `previous` one."""
        text = "\n".join(
            (f"AWS4-HMAC-SHA256-{kind}", self.timestamp, self.scope, previous, *hashes)
        )
        return hmac.digest(self.key, text.encode(), "sha256").hex()


def are_signed(body: bytes, seed: Seed, *, trailer: bool) -> bool:
    """Whether all chunks of a body are signed, up to an empty one, followed by a signed trailer if one is declared."""
    signature, position = seed.signature, 0
    while chunk := _CHUNK.match(body, position):
        size, position = int(chunk[1], 16), chunk.end()
        data = body[position : position + size]
        expected = seed.next("PAYLOAD", signature, _NOTHING, sha256(data).hexdigest())
        signature = chunk[2].decode()
        if len(data) < size or not hmac.compare_digest(signature, expected):
            return False
        position += size
        if not size:
            rest = body[position:]
            return _is_trailer(rest, seed, signature) if trailer else not rest.strip()
        if body[position : position + 2] != b"\r\n":
            return False
        position += 2
    return False


def _is_trailer(rest: bytes, seed: Seed, signature: str) -> bool:
    trailer = _TRAILER.fullmatch(rest)
    if trailer is None:
        return False
    headers = trailer[1].replace(b"\r\n", b"\n")
    expected = seed.next("TRAILER", signature, sha256(headers).hexdigest())
    return hmac.compare_digest(trailer[2].decode(), expected)
