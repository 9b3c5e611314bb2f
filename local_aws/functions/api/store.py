"""The state of Lambda in an account and region: plain data, and the lock that protects it."""

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moto.utilities.utils import get_partition

from local_aws.functions.api.version import Code, Configuration, Layer, Version, new_revision

LATEST = "$LATEST"


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
