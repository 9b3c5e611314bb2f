"""Answers the requests to one HTTP API, independently of the server that received them."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from local_aws.access.gateway import cors, jwt_authorizer
from local_aws.access.gateway.configuration import DEFAULT_STAGE, HttpApi, Route, Stage
from local_aws.access.gateway.integrations import IntegrationError, Integrations, Invoke
from local_aws.access.gateway.jwt_authorizer import KeysOf, TokenError
from local_aws.access.gateway.proxy_event import RoutedRequest, proxy_event
from local_aws.access.gateway.proxy_event_v1 import proxy_event_v1
from local_aws.access.gateway.proxy_response import (
    Answer,
    answer_from,
    answer_from_v1,
    gateway_answer,
    internal_error,
)
from local_aws.access.gateway.request import Request
from local_aws.access.gateway.routes import Match, find_route
from local_aws.access.gateway.throttle import Throttle

# "Quotas for configuring and running an HTTP API": bytes of a body, and of the request line with the headers.
BODY_LIMIT = 10 * 1024 * 1024
HEADER_LIMIT = 10_240


@dataclass(frozen=True)
class Exchange:
    """A request and its answer, with what the access log and the metrics report of them; times in milliseconds."""

    request: Request
    answer: Answer
    stage: Stage | None
    route_key: str = ""
    claims: Mapping[str, Any] | None = None
    integration_ms: int | None = None
    latency_ms: int = 0


class Application:
    """The data plane of one API; `api` returns its current configuration, `keys_of` the keys of a token's issuer."""

    def __init__(self, api: Callable[[], HttpApi], keys_of: KeysOf, invoke: Invoke) -> None:
        self._api = api
        self._keys_of = keys_of
        self._throttle = Throttle()
        self._integrations = Integrations(invoke, "integration")

    def close(self) -> None:
        """Call no more functions."""
        self._integrations.close()

    def answer(self, request: Request) -> Exchange:
        """Answer one request."""
        begun = time.monotonic()
        api = self._api()
        if preflight := cors.preflight(request, api.cors):
            exchange, answer = Exchange(request, preflight, None), preflight
        else:
            exchange = self._exchange(request, api)
            answer = cors.with_cors(exchange.answer, request, api.cors)
        answer = replace(answer, headers=(*answer.headers, ("apigw-requestid", request.id)))
        return replace(exchange, answer=answer, latency_ms=_ms_since(begun))

    def _exchange(self, request: Request, api: HttpApi) -> Exchange:
        stage, path = _stage_of(api, request.path)
        if stage is None:
            return Exchange(request, gateway_answer(HTTPStatus.NOT_FOUND, "Not Found"), None)
        if too_large := _too_large(request):
            return Exchange(request, too_large, stage)
        match = find_route(api.routes, request.method, path)
        if match is None:
            return Exchange(request, gateway_answer(HTTPStatus.NOT_FOUND, "Not Found"), stage)
        return self._routed(request, api, stage, match)

    def _routed(
        self, request: Request, api: HttpApi, stage: Stage, match: Match[Route]
    ) -> Exchange:
        key = match.route.key
        claims: dict[str, Any] | None = None
        if authorizer := match.route.authorizer:
            try:
                scopes = match.route.scopes
                claims = jwt_authorizer.authorize(request, authorizer, scopes, self._keys_of)
            except TokenError as error:
                return Exchange(request, _refused(error), stage, key)
        if not self._throttle.admits(stage.name, key, stage.limits(key)):
            # AWS documents the status; issue 13 of terraform-aws-apigateway-v2 on GitHub shows the body.
            throttled = gateway_answer(HTTPStatus.TOO_MANY_REQUESTS, "Too Many Requests")
            return Exchange(request, throttled, stage, key, claims)
        make_event = proxy_event_v1 if _is_format_1(match) else proxy_event
        event = make_event(RoutedRequest(request, api, stage, match, claims))
        begun = time.monotonic()
        answer = self._integrated(api, stage, match, event)
        return Exchange(request, answer, stage, key, claims, integration_ms=_ms_since(begun))

    def _integrated(
        self, api: HttpApi, stage: Stage, match: Match[Route], event: Mapping[str, Any]
    ) -> Answer:
        integration = match.route.integration
        source = f"{api.execution_arn}/{stage.name}/{_arn_of_route(match.route.key)}"
        try:
            payload = self._integrations.call(
                integration.function_arn, source, event, integration.timeout_s
            )
        except TimeoutError:
            status = HTTPStatus.SERVICE_UNAVAILABLE
            return gateway_answer(status, "Service Unavailable", error="Integration timeout")
        except IntegrationError as error:
            return internal_error(str(error))
        return answer_from_v1(payload) if _is_format_1(match) else answer_from(payload)


def _is_format_1(match: Match[Route]) -> bool:
    return match.route.integration.payload_format == "1.0"


def _stage_of(api: HttpApi, path: str) -> tuple[Stage | None, str]:
    """Return the stage that a path leads to, and the path below it."""
    stages = {stage.name: stage for stage in api.stages}
    first, _, rest = path.removeprefix("/").partition("/")
    if first in stages and first != DEFAULT_STAGE:
        return stages[first], f"/{rest}"
    return stages.get(DEFAULT_STAGE), path


def _too_large(request: Request) -> Answer | None:
    # AWS documents these limits, but not the bodies of the answers.
    if len(request.body) > BODY_LIMIT:
        return gateway_answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Request Entity Too Large")
    line = len(request.method) + len(request.path) + len(request.query) + len(request.protocol) + 4
    headers = sum(len(name) + len(value) + 4 for name, value in request.headers)
    if line + headers > HEADER_LIMIT:
        status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        return gateway_answer(status, "Request Header Fields Too Large")
    return None


def _refused(error: TokenError) -> Answer:
    why = (("www-authenticate", jwt_authorizer.www_authenticate(error)),)
    if error.scope is not None:
        return gateway_answer(HTTPStatus.FORBIDDEN, "Forbidden", why, error.reason)
    return gateway_answer(HTTPStatus.UNAUTHORIZED, "Unauthorized", why, error.reason)


def _arn_of_route(key: str) -> str:
    """Return the part of a route's ARN after the stage, as permissions of Lambda name it: `POST/ride`, `$default`."""
    method, _, path = key.partition(" ")
    return f"{'*' if method == 'ANY' else method}{path}"


def _ms_since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)
