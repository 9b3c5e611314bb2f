"""What of a REST API was deployed, as its data plane reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from local_aws.access.gateway.configuration import JwtAuthorizer


@dataclass(frozen=True)
class LambdaProxy:
    """A Lambda proxy integration: the ARN of the function, in which `${stageVariables.NAME}` may stand; seconds."""

    function_arn: str
    timeout_s: float


@dataclass(frozen=True)
class MockResponse:
    """What a mock integration answers: a status, headers and a body."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""


@dataclass(frozen=True)
class Method:
    """A method (`POST`, `ANY`) of a resource, by its path; what answers it, and what it asks of a token."""

    resource_id: str
    path: str
    name: str
    integration: LambdaProxy | MockResponse
    authorizer: JwtAuthorizer | None = None
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True)
class RestApi:
    """A REST API of an account and region. Bodies of `binary_types` travel in base64."""

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
    """A stage, and what was deployed to it."""

    api: RestApi
    name: str
    deployment_id: str
    variables: Mapping[str, str] = field(default_factory=dict)
