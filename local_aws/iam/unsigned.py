"""Requests without a signature: which of AWS's operations take them.

Not those of STS for a token of an identity provider: nothing here verifies one, and who made it up may assume no role.
"""

import re
from typing import Any

from moto.core.utils import get_service_model

from local_aws.iam import api_call
from local_aws.iam.api_call import ApiCall

# What an unsigned request names its service by.
_TARGETS = {
    "AWSCognitoIdentityProviderService": "cognito-idp",
    "AWSCognitoIdentityService": "cognito-identity",
}
# The public keys of a user pool, and its description, are for everybody.
_PUBLIC_PATH = re.compile(r"/[^/]+/\.well-known/(jwks\.json|openid-configuration)")


def is_public_document(request: Any) -> bool:
    """Whether a request, moto's, is for what everybody may read."""
    return request.method in ("GET", "HEAD") and bool(_PUBLIC_PATH.fullmatch(request.raw_path))


def call(request: Any) -> ApiCall | None:
    """Return the call that a request makes; None if AWS wants it signed."""
    service = _TARGETS.get(request.headers.get("X-Amz-Target", "").partition(".")[0])
    # moto finds its services by paths too.
    if service is None or (request.method, request.raw_path) != ("POST", "/"):
        return None
    read = api_call.read(service, request)
    if read is None or request.content_encoding == "gzip":
        return None
    model = get_service_model(read.service).operation_model(read.operation)
    return read if model.auth_type == "none" else None
