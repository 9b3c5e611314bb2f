"""The configuration of an HTTP API, as its data plane reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

DEFAULT_STAGE = "$default"


@dataclass(frozen=True)
class JwtAuthorizer:
    """A JWT authorizer: where to find the token (`$request.header.Authorization`), its issuer and its audience.

    An audience of None accepts every token of the issuer.
    """

    identity_source: str
    issuer: str
    audience: tuple[str, ...] | None


@dataclass(frozen=True)
class Integration:
    """A Lambda proxy integration: the ARN of a function, version or alias, and a time limit.

    `payload_format` is the format of its events and responses: 1.0 or 2.0.
    """

    function_arn: str
    timeout_s: float
    payload_format: str = "2.0"


@dataclass(frozen=True)
class Route:
    """A route: its key (`POST /ride`, `$default`), its integration, and the scopes of which a token needs one."""

    key: str
    integration: Integration
    authorizer: JwtAuthorizer | None = None
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cors:
    """A CORS configuration; it overrides the CORS headers that the integration returns."""

    allow_origins: tuple[str, ...] = ()
    allow_methods: tuple[str, ...] = ()
    allow_headers: tuple[str, ...] = ()
    expose_headers: tuple[str, ...] = ()
    max_age_s: int | None = None
    allow_credentials: bool = False

    @classmethod
    def read(cls, settings: Mapping[str, Any] | None) -> Self | None:
        """Read the `corsConfiguration` of an HTTP API or the `Cors` of a function URL; None if it is empty.

        Their members differ only in the case of the first letter.
        """
        if not settings:
            return None
        given = {name[:1].lower() + name[1:]: value for name, value in settings.items()}
        return cls(
            allow_origins=tuple(given.get("allowOrigins") or ()),
            allow_methods=tuple(given.get("allowMethods") or ()),
            allow_headers=tuple(given.get("allowHeaders") or ()),
            expose_headers=tuple(given.get("exposeHeaders") or ()),
            max_age_s=given.get("maxAge"),
            allow_credentials=bool(given.get("allowCredentials")),
        )


@dataclass(frozen=True)
class Limits:
    """A route's limits of requests per second, and of requests at once; None is no limit."""

    rate: float | None = None
    burst: int | None = None


@dataclass(frozen=True)
class Stage:
    """A stage: its variables, its limits (by route key, or the default ones), and its access log."""

    name: str
    variables: Mapping[str, str] = field(default_factory=dict)
    default_limits: Limits = field(default_factory=Limits)
    route_limits: Mapping[str, Limits] = field(default_factory=dict)
    log_group_arn: str | None = None
    log_format: str = ""

    def limits(self, route_key: str) -> Limits:
        """Return the limits of a route."""
        return self.route_limits.get(route_key, self.default_limits)


@dataclass(frozen=True)
class HttpApi:
    """An HTTP API in an account and region."""

    id: str
    account: str
    region: str
    partition: str
    routes: tuple[Route, ...]
    stages: tuple[Stage, ...]
    cors: Cors | None = None

    @property
    def execution_arn(self) -> str:
        """The ARN as in permissions of Lambda, without stage, method and path."""
        return f"arn:{self.partition}:execute-api:{self.region}:{self.account}:{self.id}"
