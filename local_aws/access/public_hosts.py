"""The hosts that web pages may send requests to, as on AWS: those of function URLs and of REST APIs.

The middleware for such a host must answer every request to it: none may reach the other services.
"""

import re

# AWS's names, with localhost in place of on.aws and amazonaws.com.
FUNCTION_URL = re.compile(r"([a-z0-9]{32})\.lambda-url\.[a-z0-9-]+\.localhost(:\d+)?")
REST_API = re.compile(r"([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.localhost(:\d+)?")


def is_public(host: str) -> bool:
    """Whether a Host header is that of a function URL or a REST API."""
    return bool(FUNCTION_URL.fullmatch(host) or REST_API.fullmatch(host))
