"""An HTTP request of the local AWS's own port, as the gateways read it."""

import uuid
from datetime import UTC, datetime

from moto.core.request import Request as HttpRequest

from local_aws.access.gateway.proxy_event import Request


def request_of(read: HttpRequest) -> Request:
    """Return the request with a new id."""
    return Request(
        id=str(uuid.uuid4()),
        method=read.method,
        path=read.raw_path,
        query=read.query_string.decode(),
        protocol=read.environ.get("SERVER_PROTOCOL", "HTTP/1.1"),
        headers=[(name.lower(), value) for name, value in read.headers.items()],
        body=read.get_data(),
        source_ip=read.environ.get("REMOTE_ADDR", ""),
        host=read.host.partition(":")[0],
        received=datetime.now(UTC),
    )
