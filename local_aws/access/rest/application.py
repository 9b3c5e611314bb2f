"""Answers the requests to a stage of a REST API."""

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from local_aws.access.gateway import jwt_authorizer
from local_aws.access.gateway.integrations import IntegrationError, Integrations, Invoke
from local_aws.access.gateway.jwt_authorizer import KeysOf, TokenError
from local_aws.access.gateway.proxy_response import Answer
from local_aws.access.gateway.request import Request
from local_aws.access.gateway.routes import find_route
from local_aws.access.rest.configuration import DeployedStage, LambdaProxy, Method, MockResponse
from local_aws.access.rest.proxy_event import proxy_event
from local_aws.access.rest.proxy_response import answer_from, refusal

_VARIABLE = re.compile(r"\$\{stageVariables\.(\w+)\}")

# Returns what is deployed to a stage, given the API's id and the stage's name; None if there is no such stage.
Find = Callable[[str, str], DeployedStage | None]


class RestApplication:
    """The data plane of all REST APIs; `keys_of` returns the keys of a token's issuer."""

    def __init__(self, find: Find, keys_of: KeysOf, invoke: Invoke) -> None:
        self._find = find
        self._keys_of = keys_of
        self._integrations = Integrations(invoke, "rest-integration")

    def close(self) -> None:
        """Call no more functions."""
        self._integrations.close()

    def answer(self, api_id: str, stage_name: str, request: Request) -> Answer:
        """Answer one request, whose path is the one below the stage."""
        stage = self._find(api_id, stage_name)
        if stage is None:
            return refusal(HTTPStatus.FORBIDDEN, "Forbidden")
        match = find_route(stage.api.methods, request.method, request.path)
        if match is None:
            kind = "MissingAuthenticationTokenException"
            return refusal(HTTPStatus.FORBIDDEN, "Missing Authentication Token", kind)
        return self._routed(request, stage, match.route, match.path_parameters)

    def _routed(
        self,
        request: Request,
        stage: DeployedStage,
        method: Method,
        path_parameters: Mapping[str, str],
    ) -> Answer:
        claims: dict[str, Any] | None = None
        if method.authorizer:
            try:
                claims = jwt_authorizer.authorize(
                    request, method.authorizer, method.scopes, self._keys_of
                )
            except TokenError:
                return refusal(HTTPStatus.UNAUTHORIZED, "Unauthorized")
        integration = method.integration
        if isinstance(integration, MockResponse):
            return Answer(integration.status, integration.headers, integration.body.encode())
        event = proxy_event(request, stage, method, path_parameters, claims)
        return self._integrated(integration, stage, method, request.method, event)

    def _integrated(
        self,
        integration: LambdaProxy,
        stage: DeployedStage,
        method: Method,
        verb: str,
        event: Mapping[str, Any],
    ) -> Answer:
        path = re.sub(r"\{[^}]*\}", "*", method.path)
        source = f"{stage.api.execution_arn}/{stage.name}/{verb}{path}"
        arn = _VARIABLE.sub(
            lambda named: str(stage.variables.get(named[1], "")), integration.function_arn
        )
        try:
            return answer_from(self._integrations.call(arn, source, event, integration.timeout_s))
        except TimeoutError:
            return refusal(HTTPStatus.GATEWAY_TIMEOUT, "Endpoint request timed out")
        except IntegrationError as error:
            status = HTTPStatus.BAD_GATEWAY if error.ran else HTTPStatus.INTERNAL_SERVER_ERROR
            return refusal(status, "Internal server error")
