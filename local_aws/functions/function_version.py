"""A version of a function as execution environments run it."""

from dataclasses import dataclass, field

from moto.utilities.utils import get_partition


@dataclass(frozen=True)
class AsyncSettings:
    """How asynchronous events are retried, and the ARNs of the destinations of their results.

    The defaults are from "Configuring error handling settings for Lambda asynchronous invocations".
    """

    maximum_retries: int = 2
    maximum_age_s: int = 6 * 60 * 60
    on_success: str | None = None
    on_failure: str | None = None
    dead_letter_arn: str | None = None


@dataclass(frozen=True)
class LayerContent:
    """The ARN of a layer version, and its zip."""

    arn: str
    code: bytes = field(repr=False, compare=False)


@dataclass(frozen=True)
class FunctionVersion:
    """A version of a function; equal ones can share execution environments.

    The comparison ignores the code (but not its hash), the reserved concurrency, the settings of asynchronous events,
    and the qualifier, which is the version or alias in the request. `variables` are the function's own, sorted by name.
    Memory and ephemeral storage are in MB, the timeout is in seconds. `layers` are unpacked into /opt in this order.
    """

    account: str
    region: str
    name: str
    version: str
    handler: str
    runtime: str
    role_arn: str
    memory_mb: int
    timeout_s: int
    variables: tuple[tuple[str, str], ...]
    log_group: str
    log_format: str
    application_log_level: str
    system_log_level: str
    code_sha256: str
    code: bytes = field(repr=False, compare=False)
    reserved_concurrency: int | None = field(compare=False)
    qualifier: str | None = field(default=None, compare=False)
    ephemeral_storage_mb: int = 512
    layers: tuple[LayerContent, ...] = ()
    initialization_type: str = "on-demand"
    asynchronous: AsyncSettings = field(default=AsyncSettings(), compare=False)

    @property
    def function_key(self) -> tuple[str, ...]:
        """The key of the function, which all its versions share."""
        return (self.account, self.region, self.name)

    @property
    def invoked_arn(self) -> str:
        """The ARN in the request, with the version or alias if there was one."""
        arn = f"arn:{get_partition(self.region)}:lambda:{self.region}:{self.account}:function:{self.name}"
        return f"{arn}:{self.qualifier}" if self.qualifier else arn

    @property
    def version_key(self) -> tuple[str, ...]:
        """The key of the version, which stays the same when its code or configuration changes."""
        return (*self.function_key, self.version)
