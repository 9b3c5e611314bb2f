"""The deployed configuration of a REST API, as its data plane reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from local_aws.access.gateway.configuration import JwtAuthorizer


@dataclass(frozen=True)
class LambdaProxy:
    """A Lambda proxy integration: the function's ARN, which may contain `${stageVariables.NAME}`, and a time limit."""

    function_arn: str
    timeout_s: float


@dataclass(frozen=True)
class MockResponse:
    """The response of a mock integration."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""


@dataclass(frozen=True)
class Method:
    """A method (`POST` or `ANY`, for one) of a resource: its integration, and the scopes of which a token needs one."""

    resource_id: str
    path: str
    name: str
    integration: LambdaProxy | MockResponse
    authorizer: JwtAuthorizer | None = None
    scopes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The key by which `routes` matches requests."""
        return f"{self.name} {self.path}"


@dataclass(frozen=True)
class RestApi:
    """A REST API. Bodies of its `binary_types`, such as image/*, are passed to functions in base64."""

    id: str
    account: str
    region: str
    partition: str
    methods: tuple[Method, ...]
    binary_types: tuple[str, ...] = ()

    @property
    def execution_arn(self) -> str:
        """The ARN that Lambda permissions name, without stage, method and path."""
        return f"arn:{self.partition}:execute-api:{self.region}:{self.account}:{self.id}"


@dataclass(frozen=True)
class DeployedStage:
    """A stage, its variables, and the API as it was deployed to the stage."""

    api: RestApi
    name: str
    deployment_id: str
    variables: Mapping[str, str] = field(default_factory=dict)
