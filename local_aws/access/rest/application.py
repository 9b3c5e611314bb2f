"""Answers the requests to a stage of a REST API."""

import json
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Any

from local_aws.access.gateway import jwt_authorizer
from local_aws.access.gateway.application import IntegrationError, Invoke
from local_aws.access.gateway.configuration import Integration, Route
from local_aws.access.gateway.jwt_authorizer import KeysOf, TokenError
from local_aws.access.gateway.proxy_event import Request
from local_aws.access.gateway.proxy_response import Answer
from local_aws.access.gateway.routes import find_route
from local_aws.access.rest.configuration import DeployedStage, LambdaProxy, Method, MockResponse
from local_aws.access.rest.proxy_event import proxy_event
from local_aws.access.rest.proxy_response import answer_from, refusal

# Invocations that the gateway has given up on go on; so many may run at once.
WORKERS = 64
_VARIABLE = re.compile(r"\$\{stageVariables\.(\w+)\}")

# Finds a stage of an API by both names.
Find = Callable[[str, str], DeployedStage | None]


class Application:
    """The data plane of every REST API; `find` gives what was deployed, `invoke` calls functions."""

    def __init__(self, find: Find, keys_of: KeysOf, invoke: Invoke) -> None:
        self._find = find
        self._keys_of = keys_of
        self._invoke = invoke
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="rest-integration")

    def close(self) -> None:
        """Start nothing more."""
        self._workers.shutdown(wait=False, cancel_futures=True)

    def answer(self, api_id: str, stage_name: str, request: Request) -> Answer:
        """Answer one request, whose path is the one below the stage."""
        stage = self._find(api_id, stage_name)
        if stage is None:
            return refusal(403, "Forbidden")
        methods = {f"{method.name} {method.path}": method for method in stage.api.methods}
        routes = [Route(key, Integration("", 0)) for key in methods]
        match = find_route(routes, request.method, request.path)
        if match is None:
            kind = "MissingAuthenticationTokenException"
            return refusal(403, "Missing Authentication Token", kind)
        return self._routed(request, stage, methods[match.route.key], match.path_parameters)

    def _routed(
        self,
        request: Request,
        stage: DeployedStage,
        method: Method,
        path_parameters: Mapping[str, str],
    ) -> Answer:
        claims: dict[str, Any] | None = None
        if method.authorizer:
            route = Route("", Integration("", 0), scopes=method.scopes)
            try:
                claims = jwt_authorizer.authorize(request, route, method.authorizer, self._keys_of)
            except TokenError:
                return refusal(401, "Unauthorized")
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
        payload = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        running = self._workers.submit(self._invoke, arn, source, payload)
        try:
            return answer_from(running.result(integration.timeout_s))
        except FutureTimeoutError:
            return refusal(504, "Endpoint request timed out")
        except IntegrationError as error:
            return refusal(502 if error.ran else 500, "Internal server error")
