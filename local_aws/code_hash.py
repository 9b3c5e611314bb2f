"""The hash of a function's zip, and the header in which the local AWS reports the zip that an Invoke ran."""

import base64
import hashlib

# AWS has no such header.
CODE_SHA256_HEADER = "x-local-aws-code-sha256"


def code_sha256(code: bytes) -> str:
    """Hash a zip as Lambda's `CodeSha256` and Terraform's `filebase64sha256` do: SHA-256 in base64."""
    return base64.b64encode(hashlib.sha256(code).digest()).decode("ascii")
