"""The hosts that a browser may reach, as it may on AWS: those of function URLs and of REST APIs.

Whoever answers for such a host answers every request to it, so that none of them reaches the other services.
"""

import re

# AWS's own names, with localhost for on.aws and amazonaws.com.
FUNCTION_URL = re.compile(r"([a-z0-9]{32})\.lambda-url\.[a-z0-9-]+\.localhost(:\d+)?")
REST_API = re.compile(r"([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.localhost(:\d+)?")


def is_public(host: str) -> bool:
    """Whether a Host header names a function URL or a REST API."""
    return bool(FUNCTION_URL.fullmatch(host) or REST_API.fullmatch(host))
