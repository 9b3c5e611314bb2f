"""The operations of AWS that accept requests without a signature.

AssumeRoleWithWebIdentity and AssumeRoleWithSAML are not among them here: nothing verifies the tokens of identity
providers, and a made-up token must not assume a role.
"""

import re
from typing import Any

from moto.core.utils import get_service_model

from local_aws.iam import api_call
from local_aws.iam.api_call import ApiCall

# The services by the beginning of X-Amz-Target.
_TARGETS = {
    "AWSCognitoIdentityProviderService": "cognito-idp",
    "AWSCognitoIdentityService": "cognito-identity",
}
# The public keys of a user pool, and its description.
_PUBLIC_PATH = re.compile(r"/[^/]+/\.well-known/(jwks\.json|openid-configuration)")


def is_public_document(request: Any) -> bool:
    """Whether a request of moto's is for a document that everyone may read."""
    return request.method in ("GET", "HEAD") and bool(_PUBLIC_PATH.fullmatch(request.raw_path))


def call(request: Any) -> ApiCall | None:
    """Return the call that a request makes; None if it must be signed."""
    service = _TARGETS.get(request.headers.get("X-Amz-Target", "").partition(".")[0])
    # moto also recognizes services by their paths.
    if service is None or (request.method, request.raw_path) != ("POST", "/"):
        return None
    read = api_call.read(service, request)
    if read is None or request.content_encoding == "gzip":
        return None
    model = get_service_model(read.service).operation_model(read.operation)
    return read if model.auth_type == "none" else None
