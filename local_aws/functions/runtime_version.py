"""The version of a function's runtime, as INIT_START and RuntimeVersionConfig name it."""

import hashlib
from dataclasses import dataclass

from moto.utilities.utils import get_partition

from local_aws.functions.function_version import FunctionVersion


@dataclass(frozen=True)
class RuntimeVersion:
    """A runtime's name with its version, and its ARN; both are made up, in AWS's form, one for each runtime."""

    name: str
    arn: str

    @classmethod
    def of(cls, function: FunctionVersion) -> "RuntimeVersion":
        """Return the version that the function runs on."""
        digest = hashlib.sha256(function.runtime.encode()).hexdigest()
        language, _, version = function.runtime.partition("python")
        partition = get_partition(function.region)
        return cls(
            f"{language or 'python'}:{version}.v1",
            f"arn:{partition}:lambda:{function.region}::runtime:{digest}",
        )
