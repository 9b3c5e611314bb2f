"""The state of Lambda in an account and region: plain data, and the lock that protects it."""

import secrets
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from moto.utilities.utils import get_partition

from local_aws.timestamps import to_the_millisecond

LATEST = "$LATEST"
# How long a function is Pending or its update InProgress; in AWS this takes seconds.
SETTLING_S = 0.2


@dataclass(frozen=True)
class Code:
    """A zip, and its SHA-256 in base64."""

    content: bytes = field(repr=False)
    sha256: str

    @property
    def size(self) -> int:
        """The size of the zip in bytes."""
        return len(self.content)


@dataclass(frozen=True)
class LayerVersion:
    """A version of a layer; `policy` has the statements of its resource-based policy by Sid."""

    arn: str
    version: int
    code: Code
    description: str
    created: str
    runtimes: tuple[str, ...] | None
    architectures: tuple[str, ...] | None
    license_info: str | None
    policy: dict[str, dict[str, Any]] = field(default_factory=dict)
    policy_revision: list[str] = field(default_factory=lambda: [new_revision()])

    @property
    def layer_arn(self) -> str:
        """The ARN without the version."""
        return self.arn.rpartition(":")[0]


@dataclass
class Layer:
    """A layer's versions by number; the numbers of deleted versions are not used again."""

    name: str
    versions: dict[int, LayerVersion] = field(default_factory=dict)
    next_version: int = 1


@dataclass(frozen=True)
class Configuration:
    """The configuration of a version; settings that have no effect here are stored as they were given."""

    role: str
    handler: str
    runtime: str
    description: str = ""
    memory_mb: int = 128
    timeout_s: int = 3
    ephemeral_mb: int = 512
    architectures: tuple[str, ...] = ("x86_64",)
    environment: Mapping[str, str] | None = None
    tracing: str = "PassThrough"
    logging: Mapping[str, str] = field(default_factory=dict)
    layers: tuple[LayerVersion, ...] = ()
    dead_letter_arn: str | None = None
    snap_start: str = "None"
    kms_key_arn: str | None = None


@dataclass
class Version:
    """$LATEST or a published version of a function.

    Until `ready_at`, on the monotonic clock, it is being created or updated, as `changing` says. During an update,
    requests still run `previous`.
    """

    name: str
    configuration: Configuration
    code: Code
    last_modified: str
    changing: str | None
    ready_at: float
    revision: str
    previous: tuple[Configuration, Code] | None = None

    @classmethod
    def new(cls, name: str, configuration: Configuration, code: Code) -> "Version":
        """Create a version, which is Pending for a moment."""
        ready_at = time.monotonic() + SETTLING_S
        return cls(name, configuration, code, timestamp(), "Creating", ready_at, new_revision())

    def published_as(self, name: str, description: str | None) -> "Version":
        """Return a copy of the version with a number as its name."""
        configuration = self.configuration
        if description is not None:
            configuration = replace(configuration, description=description)
        copy = Version.new(name, configuration, self.code)
        copy.last_modified = self.last_modified
        return copy

    def update(self, configuration: Configuration, code: Code) -> None:
        """Change the configuration and code; the update is InProgress for a moment."""
        self.previous = (self.configuration, self.code)
        self.configuration, self.code = configuration, code
        self.last_modified = timestamp()
        self.changing, self.ready_at = "Updating", time.monotonic() + SETTLING_S
        self.revise()

    def settle(self) -> None:
        """Become Active, or complete the update, if it is time; as in AWS, this changes the revision."""
        if self.changing and time.monotonic() >= self.ready_at:
            self.changing = self.previous = None
            self.revise()

    @property
    def serving(self) -> tuple[Configuration, Code]:
        """The configuration and code that requests run: the previous ones while an update is in progress."""
        return self.previous or (self.configuration, self.code)

    def revise(self) -> None:
        """Get a new revision."""
        self.revision = new_revision()


@dataclass
class Alias:
    """A name for a version; `weights` has the share of requests of a second version, if there is one."""

    name: str
    version: str
    description: str
    weights: dict[str, float]
    revision: str

    def revise(self) -> None:
        """Get a new revision."""
        self.revision = new_revision()


@dataclass(frozen=True)
class EventInvokeConfig:
    """How asynchronous events are retried, and the destinations of their results; None is Lambda's default."""

    maximum_retry_attempts: int | None
    maximum_event_age_s: int | None
    on_success: str | None
    on_failure: str | None
    last_modified: datetime


@dataclass(frozen=True)
class FunctionUrl:
    """A function URL; `url_id` is the first label of its host name."""

    url_id: str
    auth_type: str
    invoke_mode: str
    cors: Mapping[str, Any] | None
    created: str
    last_modified: str


@dataclass(frozen=True)
class Provisioned:
    """Provisioned concurrency, which is allocated from `ready_at` on, on the monotonic clock."""

    requested: int
    last_modified: str
    ready_at: float


@dataclass
class Function:
    """A function. Dicts such as `policies` have a qualifier as the key: $LATEST, the number of a version, or an alias.

    `published` is the configuration and code of the last published version.
    """

    name: str
    versions: dict[str, Version]
    aliases: dict[str, Alias] = field(default_factory=dict)
    policies: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    event_invoke_configs: dict[str, EventInvokeConfig] = field(default_factory=dict)
    urls: dict[str, FunctionUrl] = field(default_factory=dict)
    provisioned: dict[str, Provisioned] = field(default_factory=dict)
    runtime_management: dict[str, dict[str, Any]] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    reserved_concurrency: int | None = None
    recursive_loop: str = "Terminate"
    code_signing_config_arn: str | None = None
    next_version: int = 1
    published: tuple[Configuration, Code] | None = None

    @property
    def latest(self) -> Version:
        """The version $LATEST."""
        return self.versions[LATEST]

    def version_of(self, qualifier: str | None) -> Version | None:
        """Return the version of a qualifier, for an alias its main one; None if it does not exist."""
        alias = self.aliases.get(qualifier or "")
        version = self.versions.get(alias.version if alias else qualifier or LATEST)
        if version:
            version.settle()
        return version

    def forget(self, qualifier: str) -> None:
        """Remove everything that was configured for a version or an alias."""
        for configured in (
            self.policies,
            self.event_invoke_configs,
            self.urls,
            self.provisioned,
            self.runtime_management,
        ):
            configured.pop(qualifier, None)

    def revised(self, qualifier: str | None) -> Version | Alias | None:
        """Return the version or alias of a qualifier, which has its revision; None if it does not exist."""
        return self.aliases.get(qualifier or "") or self.version_of(qualifier)


@dataclass
class Store:
    """The functions, layers and other resources of Lambda in an account and region.

    `port` is that of the local AWS, for URLs; `key` signs the URLs of zips.
    """

    account: str
    region: str
    port: int = 443
    functions: dict[str, Function] = field(default_factory=dict)
    layers: dict[str, Layer] = field(default_factory=dict)
    mappings: dict[str, dict[str, Any]] = field(default_factory=dict)
    code_signing_configs: dict[str, dict[str, Any]] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def arn(self, kind: str, *parts: str) -> str:
        """Return an ARN that ends with a kind and parts, such as function:NAME or layer:NAME:VERSION."""
        return ":".join((self._arn_prefix, kind, *parts))

    def function_arn(self, name: str, qualifier: str | None = None) -> str:
        """Return the ARN of a function, with a qualifier if one is given."""
        return self.arn("function", name, *([qualifier] if qualifier else []))

    def url_of(self, url_id: str) -> str:
        """Return a function URL. Names that end in localhost resolve to this machine (RFC 6761)."""
        return f"http://{url_id}.lambda-url.{self.region}.localhost:{self.port}/"

    @property
    def _arn_prefix(self) -> str:
        return f"arn:{get_partition(self.region)}:lambda:{self.region}:{self.account}"


class Stores:
    """The stores of all accounts and regions; each is created when it is first needed."""

    def __init__(self, port: int = 443) -> None:
        self._port = port
        self._lock = threading.Lock()
        self._stores: dict[tuple[str, str], Store] = {}
        # Is called with the account and the region of each new store.
        self.on_new: Callable[[str, str], object] | None = None

    def of(self, account: str, region: str) -> Store:
        """Return the store of an account and a region."""
        with self._lock:
            is_new = (account, region) not in self._stores
            if is_new:
                self._stores[account, region] = Store(account, region, self._port)
            store = self._stores[account, region]
        if is_new and self.on_new:
            self.on_new(account, region)
        return store

    def all(self) -> list[Store]:
        """Return every store that exists."""
        with self._lock:
            return list(self._stores.values())


def new_revision() -> str:
    """Return a new RevisionId."""
    return str(uuid.uuid4())


def timestamp() -> str:
    """Return the current time as Lambda writes it, such as 2026-11-22T21:36:43.107+0000."""
    return to_the_millisecond(datetime.now(UTC), "+0000")
