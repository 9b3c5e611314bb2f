"""Versions of functions and layers, as plain data: code, configurations, and the layers that these use."""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from local_aws.timestamps import to_the_millisecond

# How long a function is Pending or its update InProgress; in AWS this takes seconds.
SETTLING_S = 0.2


def new_revision() -> str:
    """Return a new RevisionId."""
    return str(uuid.uuid4())


def timestamp() -> str:
    """Return the current time as Lambda writes it, such as 2026-11-22T21:36:43.107+0000."""
    return to_the_millisecond(datetime.now(UTC), "+0000")


@dataclass(frozen=True)
class Code:
    """A zip, and its SHA-256 in base64."""

    content: bytes = field(repr=False)
    sha256: str

    @property
    def size(self) -> int:
        """The size of the zip in bytes."""
        return len(self.content)


@dataclass
class LayerPolicy:
    """The resource-based policy of a layer version: its statements by Sid."""

    statements: dict[str, dict[str, Any]] = field(default_factory=dict)
    revision: str = field(default_factory=new_revision)

    def revise(self) -> None:
        """Get a new revision."""
        self.revision = new_revision()


@dataclass(frozen=True)
class LayerVersion:
    """A version of a layer, which never changes except for its policy."""

    arn: str
    version: int
    code: Code
    description: str
    created: str
    runtimes: tuple[str, ...] | None
    architectures: tuple[str, ...] | None
    license_info: str | None
    policy: LayerPolicy = field(default_factory=LayerPolicy, compare=False)

    @property
    def layer_name(self) -> str:
        """The name of the layer."""
        return self.layer_arn.rpartition(":")[2]

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
