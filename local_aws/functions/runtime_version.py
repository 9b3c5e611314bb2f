"""The version of a runtime, for INIT_START and RuntimeVersionConfig."""

import hashlib
from dataclasses import dataclass

from moto.utilities.utils import get_partition


@dataclass(frozen=True)
class RuntimeVersion:
    """The name and the ARN of a version of a runtime; both are made up, in AWS's form, and fixed for each runtime."""

    name: str
    arn: str

    @classmethod
    def of(cls, runtime: str, region: str) -> "RuntimeVersion":
        """Return the version of a runtime, such as python3.13, in a region."""
        digest = hashlib.sha256(runtime.encode()).hexdigest()
        language, _, version = runtime.partition("python")
        partition = get_partition(region)
        return cls(
            f"{language or 'python'}:{version}.v1",
            f"arn:{partition}:lambda:{region}::runtime:{digest}",
        )
