"""Decompresses request bodies: botocore compresses large ones of PutMetricData ("Request compression").

The decision must be about the body that moto reads, and moto decompresses every body with Content-Encoding gzip.
"""

import io
import zlib
from typing import Any

from moto.core.request import Request

# The services whose bodies moto does not decompress.
_NEVER_UNPACKED = ("lambda", "s3")
_LIMIT = 1 << 26
_GZIP = zlib.MAX_WBITS | 16


def unpacked(service: str, request: Any) -> Any:
    """Return a request of moto's with its body decompressed; None if it is damaged or larger than 64 MB."""
    if request.content_encoding != "gzip" or service in _NEVER_UNPACKED:
        return request
    unpacker = zlib.decompressobj(_GZIP)
    try:
        body = unpacker.decompress(request.get_data(), _LIMIT)
    except zlib.error:
        return None
    if not unpacker.eof:
        return None
    environ = request.environ
    environ.pop("HTTP_CONTENT_ENCODING")
    environ.update({"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))})
    request = Request(environ)
    # Read now, as the body could not be read again after a form has been parsed.
    request.get_data()
    return request
