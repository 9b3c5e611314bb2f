"""What Lambda knows of one version of a function: all that an execution environment is made from."""

from dataclasses import dataclass, field

from moto.utilities.utils import get_partition


@dataclass(frozen=True)
class AsyncSettings:
    """How asynchronous events are retried, and the ARNs that their results go to.

    The defaults are those of "Configuring error handling settings for Lambda asynchronous invocations".
    """

    maximum_retries: int = 2
    maximum_age_s: int = 6 * 60 * 60
    on_success: str | None = None
    on_failure: str | None = None
    dead_letter_arn: str | None = None


@dataclass(frozen=True)
class LayerContent:
    """A version of a layer, as its ARN names it, and its zip."""

    arn: str
    code: bytes = field(repr=False, compare=False)


@dataclass(frozen=True)
class FunctionVersion:
    """One version of a function; two that are equal can share an execution environment.

    Not compared are the code, for which its hash stands, the limit of how many may run at once, how events are retried,
    and the qualifier: the version or alias it was called by. `variables` are the function's own, sorted by name. Memory
    and ephemeral storage in MB, timeout in seconds. `layers` are in the order in which they are unpacked into /opt.
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
        """What all versions of one function share."""
        return (self.account, self.region, self.name)

    @property
    def invoked_arn(self) -> str:
        """The ARN that the request asked for, with the version or alias if it named one."""
        arn = f"arn:{get_partition(self.region)}:lambda:{self.region}:{self.account}:function:{self.name}"
        return f"{arn}:{self.qualifier}" if self.qualifier else arn

    @property
    def version_key(self) -> tuple[str, ...]:
        """What stays the same when the code or the configuration changes."""
        return (*self.function_key, self.version)
