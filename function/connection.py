"""A connection to DynamoDB that is open before the first ride.

Over TLS, the first request loads 121 CA certificates and does a handshake. During init a function has a whole processor
for that; in its handler it has only the share that comes with its memory.
"""

import contextlib
import os
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSRequest
from sdk import at_most

# Kinds of init that a request follows; after a snapshot is restored, its connections are dead.
FOLLOWED_BY_A_REQUEST = ("on-demand", "provisioned-concurrency")
LIMIT = 1.0  # seconds


def open_early(client: Any) -> None:
    """Open a connection of the SDK's client during Lambda's init, where the table is reached by HTTPS.

    A failure only costs time: the first ride then opens the connection.
    """
    if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") not in FOLLOWED_BY_A_REQUEST:
        return
    with contextlib.suppress(Exception), at_most(LIMIT):
        address = urlsplit(client.generate_presigned_url("list_tables"))
        if address.scheme == "https":
            # Unsigned: DynamoDB answers GET / to anybody, so the role needs no further permission.
            request = AWSRequest("GET", f"https://{address.netloc}/").prepare()
            client._endpoint.http_session.send(request)
