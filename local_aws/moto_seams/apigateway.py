"""moto 5.2.5's REST APIs are only stored: a deployment does not keep what it deploys, and no stage serves requests.

They also need an OpenAPI validator with sixteen packages, only for ImportRestApi and PutRestApi. Without this seam
test_rest_apis.py (tests/integration) fails.
"""

import importlib.util
import re
import sys
import types
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from moto.utilities.utils import get_partition

from local_aws.access.gateway.configuration import JwtAuthorizer
from local_aws.access.rest.configuration import (
    DeployedStage,
    LambdaProxy,
    Method,
    MockResponse,
    RestApi,
)
from local_aws.arns import parse_arn
from local_aws.moto_backends import backends_in_use

if TYPE_CHECKING:
    from moto.apigateway.models import APIGatewayBackend, Deployment

VALIDATOR = "openapi_spec_validator"
# "Quotas for configuring and running a REST API": the timeout of an integration.
TIMEOUT_MS = 29_000
_FUNCTION = re.compile(r"/functions/(arn:.+)/invocations$")
_STATUS = re.compile(r'"?statusCode"?\s*:\s*(\d{3})')
_INTEGRATION_TYPES = ("AWS_PROXY", "MOCK")
_AUTHORIZATION_TYPES = ("NONE", "COGNITO_USER_POOLS")


def install() -> None:
    """Make deployments keep the configuration that they deploy, and refuse what stages here do not support.

    To be called when REST APIs are first used: importing them takes a while.
    """
    _stand_in_for_validator()
    from moto.apigateway.models import APIGatewayBackend

    def refuse_document(*_: Any) -> None:
        raise NotImplementedError

    APIGatewayBackend.import_rest_api = APIGatewayBackend.put_rest_api = refuse_document
    APIGatewayBackend.create_deployment = _storing(APIGatewayBackend.create_deployment)
    APIGatewayBackend.put_method = _supported_methods(APIGatewayBackend.put_method)
    APIGatewayBackend.put_integration = _supported_integrations(APIGatewayBackend.put_integration)


def _storing(create: Callable[..., "Deployment"]) -> Callable[..., "Deployment"]:
    """Return moto's function that creates deployments, which then store the configuration of the API."""

    def create_deployment(
        backend: "APIGatewayBackend", function_id: str, *arguments: Any, **settings: Any
    ) -> "Deployment":
        deployment = create(backend, function_id, *arguments, **settings)
        deployment.deployed = _configuration(backend, function_id)
        return deployment

    return create_deployment


def _supported_methods(put: Callable[..., Any]) -> Callable[..., Any]:
    """Return moto's function that stores methods, if stages here support them."""

    def put_method(
        backend: "APIGatewayBackend",
        function_id: str,
        resource_id: str,
        method_type: str,
        authorization_type: str | None,
        api_key_required: bool | None = None,
        **settings: Any,
    ) -> Any:
        if authorization_type not in _AUTHORIZATION_TYPES:
            raise _not_offered(f"methods of REST APIs with authorization {authorization_type}")
        if api_key_required:
            raise _not_offered("methods of REST APIs with API keys")
        if settings.get("request_validator_id"):
            raise _not_offered("methods of REST APIs with request validators")
        return put(backend, function_id, resource_id, method_type, authorization_type, **settings)

    return put_method


def _supported_integrations(put: Callable[..., Any]) -> Callable[..., Any]:
    """Return moto's function that stores integrations, if stages here support them."""

    def put_integration(
        backend: "APIGatewayBackend",
        function_id: str,
        resource_id: str,
        method_type: str,
        integration_type: str,
        *arguments: Any,
        **settings: Any,
    ) -> Any:
        if integration_type not in _INTEGRATION_TYPES:
            raise _not_offered(f"{integration_type} integrations of REST APIs")
        return put(
            backend, function_id, resource_id, method_type, integration_type, *arguments, **settings
        )

    return put_integration


def find(api_id: str, stage_name: str) -> DeployedStage | None:
    """Return what is deployed to a stage, in any account and region; None if there is no such stage."""
    # It is imported with the first REST API.
    models = sys.modules.get("moto.apigateway.models")
    apigateway_backends: Any = getattr(models, "apigateway_backends", {})
    for backend in backends_in_use(apigateway_backends):
        api = backend.apis.get(api_id)
        stage = api.stages.get(stage_name) if api else None
        if stage and (deployment := api.deployments.get(stage.deployment_id)):
            variables = stage.variables or {}
            return DeployedStage(deployment.deployed, stage_name, deployment.id, variables)
    return None


def _stand_in_for_validator() -> None:
    """Let moto import its validator although it is not installed; the operations that need it are refused."""
    if importlib.util.find_spec(VALIDATOR) is not None:
        return

    def validate(*_: Any) -> None:
        raise NotImplementedError

    package = types.ModuleType(VALIDATOR)
    package.validate = validate  # type: ignore[attr-defined] # a module's members are what one puts there
    exceptions = types.ModuleType(f"{VALIDATOR}.validation.exceptions")
    exceptions.OpenAPIValidationError = type("OpenAPIValidationError", (Exception,), {})  # type: ignore[attr-defined] # as above
    sys.modules[VALIDATOR] = package
    sys.modules[f"{VALIDATOR}.validation"] = types.ModuleType(f"{VALIDATOR}.validation")
    sys.modules[exceptions.__name__] = exceptions


def _not_offered(what: str) -> Exception:
    from moto.apigateway.exceptions import BadRequestException

    return BadRequestException(f"The local AWS does not offer {what}.")  # type: ignore[no-any-return] # moto is untyped under --strict


def _configuration(backend: "APIGatewayBackend", api_id: str) -> RestApi:
    api = backend.get_rest_api(api_id)
    return RestApi(
        id=api_id,
        account=backend.account_id,
        region=backend.region_name,
        partition=get_partition(backend.region_name),
        methods=tuple(
            _method(api, resource, name, method)
            for resource in api.resources.values()
            for name, method in resource.resource_methods.items()
            if method.method_integration
        ),
        binary_types=tuple(api.binaryMediaTypes or ()),
    )


def _method(api: Any, resource: Any, name: str, method: Any) -> Method:
    authorizer = api.authorizers.get(method.authorizer_id) if method.authorizer_id else None
    return Method(
        resource_id=resource.id,
        path=resource.get_path(),
        name=name,
        integration=_integration(method.method_integration),
        authorizer=_cognito_authorizer(authorizer) if authorizer else None,
        scopes=tuple(method.authorization_scopes or ()),
    )


def _integration(integration: Any) -> LambdaProxy | MockResponse:
    if integration.integration_type == "MOCK":
        return _mock(integration)
    named = _FUNCTION.search(integration.uri)
    timeout_ms = int(integration.timeout_in_millis or TIMEOUT_MS)
    return LambdaProxy(named[1] if named else integration.uri, timeout_ms / 1000)


def _mock(integration: Any) -> MockResponse:
    """Return the response of a mock integration; templates of bodies are sent as they are."""
    template = (integration.request_templates or {}).get("application/json", "")
    chosen = _STATUS.search(template)
    status = chosen[1] if chosen else "200"
    response = (integration.integration_responses or {}).get(status)
    if response is None:
        return MockResponse(500)
    headers = [
        (name.rpartition(".")[2].lower(), value.strip("'"))
        for name, value in (response.response_parameters or {}).items()
        if name.startswith("method.response.header.") and value.startswith("'")
    ]
    kind, body = next(iter((response.response_templates or {}).items()), ("application/json", ""))
    return MockResponse(int(status), (("content-type", kind), *headers), body or "")


def _cognito_authorizer(authorizer: Any) -> JwtAuthorizer:
    [arn, *_] = authorizer.provider_arns or [""]
    pool = parse_arn(arn)
    region = pool.region if pool else ""
    header = str(authorizer.identity_source or "").rpartition(".")[2] or "Authorization"
    issuer = f"https://cognito-idp.{region}.amazonaws.com/{arn.rpartition('/')[2]}"
    return JwtAuthorizer(f"$request.header.{header}", issuer, None)
