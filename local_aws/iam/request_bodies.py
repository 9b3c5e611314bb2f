"""Bodies that were compressed to be sent, as botocore compresses large PutMetricData: "Request compression".

What is decided must be what moto reads, and moto unpacks every body that says it is gzip.
"""

import io
import zlib
from typing import Any

from moto.core.request import Request

# moto takes the bodies of these as they are.
_NEVER_UNPACKED = ("lambda", "s3")
_LIMIT = 1 << 26
_GZIP = zlib.MAX_WBITS | 16


def unpacked(service: str, request: Any) -> Any:
    """Return a request, moto's, with its body unpacked; None if it cannot be, or would be larger than 64 MB."""
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
    # As a form alone, it could not be read again.
    request.get_data()
    return request
