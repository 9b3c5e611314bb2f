"""A function version as the control plane would provide it, for tests without one."""

from typing import Any

from local_aws.functions.function_version import FunctionVersion


def version_of(code: bytes = b"", **changed: Any) -> FunctionVersion:
    """Return a version of the function `probe` with this zip, configured as Lambda does by default."""
    given: dict[str, Any] = {
        "account": "123456789012",
        "region": "us-east-1",
        "name": "probe",
        "version": "$LATEST",
        "handler": "probe.handler",
        "runtime": "python3.13",
        "role_arn": "arn:aws:iam::123456789012:role/probe",
        "memory_mb": 128,
        "timeout_s": 3,
        "variables": (),
        "log_group": "/aws/lambda/probe",
        "log_format": "Text",
        "application_log_level": "INFO",
        "system_log_level": "INFO",
        "code_sha256": "one",
        "code": code,
        "reserved_concurrency": None,
    }
    return FunctionVersion(**{**given, **changed})
