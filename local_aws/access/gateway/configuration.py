"""What an HTTP API is set to, as its data plane reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

DEFAULT_STAGE = "$default"


@dataclass(frozen=True)
class JwtAuthorizer:
    """A JWT authorizer: where the token is (`$request.header.Authorization`), who issued it, and for whom.

    An audience of None is anybody's.
    """

    identity_source: str
    issuer: str
    audience: tuple[str, ...] | None


@dataclass(frozen=True)
class Integration:
    """A Lambda proxy integration: the ARN of the function, its version or alias, and the limit in seconds.

    `payload_format` is that of its events and responses: 1.0 or 2.0.
    """

    function_arn: str
    timeout_s: float
    payload_format: str = "2.0"


@dataclass(frozen=True)
class Route:
    """A route: its key (`POST /ride`, `GET /{file+}` or `$default`), what answers, and what it asks of a token."""

    key: str
    integration: Integration
    authorizer: JwtAuthorizer | None = None
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cors:
    """A CORS configuration; it replaces whatever the integration says of CORS."""

    allow_origins: tuple[str, ...] = ()
    allow_methods: tuple[str, ...] = ()
    allow_headers: tuple[str, ...] = ()
    expose_headers: tuple[str, ...] = ()
    max_age_s: int | None = None
    allow_credentials: bool = False


@dataclass(frozen=True)
class Limits:
    """How many requests a second a route takes, and how many at once; None: no limit."""

    rate: float | None = None
    burst: int | None = None


@dataclass(frozen=True)
class Stage:
    """A stage: its variables, limits (by route key, else the default's), and access log."""

    name: str
    variables: Mapping[str, str] = field(default_factory=dict)
    default_limits: Limits = field(default_factory=Limits)
    route_limits: Mapping[str, Limits] = field(default_factory=dict)
    log_group_arn: str | None = None
    log_format: str = ""

    def limits(self, route_key: str) -> Limits:
        """Return what a route may take."""
        return self.route_limits.get(route_key, self.default_limits)


@dataclass(frozen=True)
class HttpApi:
    """An HTTP API of an account and region."""

    id: str
    account: str
    region: str
    partition: str
    routes: tuple[Route, ...]
    stages: tuple[Stage, ...]
    cors: Cors | None = None

    @property
    def execution_arn(self) -> str:
        """The ARN that Lambda permissions name, without stage, method and path."""
        return f"arn:{self.partition}:execute-api:{self.region}:{self.account}:{self.id}"
