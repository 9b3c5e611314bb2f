"""moto 5.2.5's HTTP APIs are only stored: nothing serves their requests.

UpdateStage does not exist, stages cannot be tagged, and a CORS configuration that was removed becomes an empty one, so
that every plan of Terraform shows a change. Without this seam tests/integration/test_gateway.py fails.
"""

import json
import re
import time
from typing import Any
from urllib.parse import unquote

from moto.apigatewayv2 import urls
from moto.apigatewayv2.models import Api, ApiGatewayV2Backend, apigatewayv2_backends
from moto.apigatewayv2.responses import ApiGatewayV2Response
from moto.core.responses import TYPE_RESPONSE
from moto.logs.models import logs_backends
from moto.utilities.utils import get_partition

from local_aws.access.gateway.application import Application, Exchange
from local_aws.access.gateway.configuration import (
    Cors,
    HttpApi,
    Integration,
    JwtAuthorizer,
    Limits,
    Route,
    Stage,
)
from local_aws.access.gateway.integrations import Invoke
from local_aws.access.gateway.listeners import Listeners
from local_aws.access.gateway.records import access_log_line, publish_metrics
from local_aws.arns import Arn
from local_aws.moto_backends import backends_in_use
from local_aws.moto_seams.cognitoidp import keys_of

_INVOCATIONS = re.compile(r"/functions/(arn:[^/]+)/invocations$")
# moto's attributes of a stage that UpdateStage can change, by the names in the request.
_STAGE_SETTINGS = {
    "accessLogSettings": "access_log_settings",
    "autoDeploy": "auto_deploy",
    "clientCertificateId": "client_certificate_id",
    "defaultRouteSettings": "default_route_settings",
    "description": "description",
    "routeSettings": "route_settings",
    "stageVariables": "stage_variables",
}


def install(invoke: Invoke) -> Listeners:
    """Open a port for every API that is created; its integrations are called with `invoke`. Returns the listeners."""
    listeners = Listeners(_record)
    create, delete = ApiGatewayV2Backend.create_api, ApiGatewayV2Backend.delete_api

    def create_api(backend: ApiGatewayV2Backend, **settings: Any) -> Api:
        api = create(backend, **settings)
        _drop_empty_cors(api)
        if api.protocol_type == "HTTP":
            application = Application(lambda: configuration_of(api), keys_of, invoke)
            api.api_endpoint = listeners.open(api.api_id, application)
        return api

    def delete_api(backend: ApiGatewayV2Backend, api_id: str) -> None:
        delete(backend, api_id)
        listeners.close(api_id)

    ApiGatewayV2Backend.create_api = create_api
    ApiGatewayV2Backend.delete_api = delete_api
    _install_missing_operations()
    return listeners


def configuration_of(api: Api) -> HttpApi:
    """Return the configuration of an API that moto stores."""
    backend = api.backend
    routes = [route for route in api.routes.values() if route.target]
    return HttpApi(
        id=api.api_id,
        account=backend.account_id,
        region=backend.region_name,
        partition=get_partition(backend.region_name),
        routes=tuple(_route(api, route) for route in routes),
        stages=tuple(_stage(stage) for stage in api.stages.values()),
        cors=Cors.read(api.cors_configuration),
    )


def _route(api: Api, route: Any) -> Route:
    integration = api.integrations[route.target.removeprefix("integrations/")]
    authorizer = api.authorizers.get(route.authorizer_id) if route.authorizer_id else None
    is_jwt = authorizer is not None and route.authorization_type == "JWT"
    return Route(
        key=route.route_key,
        integration=Integration(
            _function_arn(integration.integration_uri),
            integration.timeout_in_millis / 1000,
            integration.payload_format_version or "1.0",
        ),
        authorizer=_jwt_authorizer(authorizer) if is_jwt else None,
        scopes=tuple(route.authorization_scopes or ()),
    )


def _jwt_authorizer(authorizer: Any) -> JwtAuthorizer:
    source = authorizer.identity_source
    jwt = authorizer.jwt_config or {}
    return JwtAuthorizer(
        identity_source=source[0] if isinstance(source, list) else source,
        issuer=jwt.get("issuer", ""),
        audience=tuple(jwt.get("audience") or ()),
    )


def _function_arn(uri: str) -> str:
    named = _INVOCATIONS.search(uri)
    return named[1] if named else uri


def _stage(stage: Any) -> Stage:
    log = stage.access_log_settings or {}
    return Stage(
        name=stage.name,
        variables=stage.stage_variables or {},
        default_limits=_limits(stage.default_route_settings or {}),
        route_limits={
            key: _limits(settings) for key, settings in (stage.route_settings or {}).items()
        },
        log_group_arn=log.get("destinationArn"),
        log_format=log.get("format", ""),
    )


def _limits(settings: dict[str, Any]) -> Limits:
    # Terraform's provider sends zeros for unset limits. The account's limits then apply, which are far away here.
    return Limits(
        settings.get("throttlingRateLimit") or None, settings.get("throttlingBurstLimit") or None
    )


def _record(api_id: str, exchange: Exchange) -> None:
    """Publish an exchange's metrics, and write its line to the stage's access log; neither if the API is deleted."""
    backends = backends_in_use(apigatewayv2_backends)
    api = next((backend.apis[api_id] for backend in backends if api_id in backend.apis), None)
    if api is None:
        return
    settings = configuration_of(api)
    publish_metrics(exchange, settings)
    line = access_log_line(exchange, settings)
    if line and exchange.stage and exchange.stage.log_group_arn:
        _write_line(exchange.stage.log_group_arn, api_id, exchange.stage.name, line)


def _write_line(log_group_arn: str, api_id: str, stage: str, line: str) -> None:
    arn = Arn.of(log_group_arn)
    group = arn.resource.split(":")[1]
    backend = logs_backends[arn.account][arn.region]
    if group not in backend.groups:
        return
    stream = f"{api_id}/{stage}"
    backend.ensure_log_stream(group, stream)
    now = int(time.time() * 1000)
    backend.put_log_events(group, stream, [{"timestamp": now, "message": line}])


def _install_missing_operations() -> None:
    ApiGatewayV2Response.update_stage = update_stage
    tags_of_stage = (
        r"{0}/v2/tags/(?P<resource_arn_pt1>[^/]+)/apis/(?P<api_id>[^/]+)/stages/(?P<stage>[^/]+)$"
    )
    urls.url_paths[tags_of_stage] = ApiGatewayV2Response.dispatch
    ApiGatewayV2Backend.get_tags = _with_stages(
        ApiGatewayV2Backend.get_tags, lambda stage: stage.tags
    )
    ApiGatewayV2Backend.tag_resource = _with_stages(
        ApiGatewayV2Backend.tag_resource, lambda stage, tags: stage.tags.update(tags)
    )
    ApiGatewayV2Backend.untag_resource = _with_stages(
        ApiGatewayV2Backend.untag_resource,
        lambda stage, keys: [stage.tags.pop(key, None) for key in keys],
    )
    update_api = Api.update

    def update(api: Api, **settings: Any) -> None:
        update_api(api, **settings)
        _drop_empty_cors(api)

    Api.update = update


def update_stage(response: ApiGatewayV2Response) -> TYPE_RESPONSE:
    """Handle UpdateStage, which moto lacks: change the settings that the request contains."""
    *_, api_id, _, name = response.path.split("/")
    stage = response.apigatewayv2_backend.get_stage(api_id, unquote(name))
    settings = json.loads(response.body)
    for asked, attribute in _STAGE_SETTINGS.items():
        if asked in settings:
            value = settings[asked]
            if asked == "stageVariables":
                # An empty value removes a variable.
                merged = {**(stage.stage_variables or {}), **value}
                value = {key: text for key, text in merged.items() if text != ""}
            setattr(stage, attribute, value)
    return 200, {}, json.dumps(stage.to_json())


def _with_stages(of_others: Any, of_stage: Any) -> Any:
    """Return an operation on tags that also accepts the ARN of a stage."""

    def operate(backend: ApiGatewayV2Backend, arn: str, *arguments: Any) -> Any:
        path = arn.partition("/apis/")[2].split("/")
        if len(path) == 3 and path[1] == "stages":
            return of_stage(backend.get_stage(path[0], unquote(path[2])), *arguments)
        return of_others(backend, arn, *arguments)

    return operate


def _drop_empty_cors(api: Api) -> None:
    if api.cors_configuration == {}:
        api.cors_configuration = None
