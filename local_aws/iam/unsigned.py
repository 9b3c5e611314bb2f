"""Requests without a signature: which of AWS's operations take them."""

import re
from typing import Any

from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError
from moto.core.utils import get_service_model

# What an unsigned request names its service by.
_TARGETS = {
    "AWSCognitoIdentityProviderService": "cognito-idp",
    "AWSCognitoIdentityService": "cognito-identity",
}
# The public keys of a user pool, and its description, are for everybody.
_PUBLIC_PATH = re.compile(r"(/[^/]+)?/\.well-known/[^/]+")


def is_allowed(request: Any) -> bool:
    """Whether AWS takes this request, werkzeug's, without a signature."""
    if request.method in ("GET", "HEAD") and _PUBLIC_PATH.fullmatch(request.path):
        return True
    prefix, _, operation = request.headers.get("X-Amz-Target", "").partition(".")
    if service := _TARGETS.get(prefix):
        return _needs_no_signature(service, operation)
    return _needs_no_signature("sts", request.form.get("Action") or request.args.get("Action", ""))


def _needs_no_signature(service: str, operation: str) -> bool:
    try:
        model = get_service_model(service).operation_model(operation)
    except (OperationNotFoundError, UnknownServiceError):
        return False
    return bool(model.auth_type == "none")
