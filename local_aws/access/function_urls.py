"""Answers requests to function URLs, after "Invoking Lambda function URLs"."""

import json
from collections.abc import Iterable
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from moto.core.request import Request as HttpRequest
from moto.utilities.utils import get_partition
from werkzeug.wrappers import Response

from local_aws.access.function_url_callers import Caller, Target, permitted_caller
from local_aws.access.gateway import cors
from local_aws.access.gateway.configuration import (
    DEFAULT_STAGE,
    Cors,
    HttpApi,
    Integration,
    Route,
    Stage,
)
from local_aws.access.gateway.proxy_event import RoutedRequest, proxy_event
from local_aws.access.gateway.proxy_response import JSON, Answer, answer_from
from local_aws.access.gateway.request import Request, request_of
from local_aws.access.gateway.routes import DEFAULT_ROUTE, Match
from local_aws.access.public_hosts import FUNCTION_URL
from local_aws.functions.api.call import Reference
from local_aws.functions.api.store import LATEST, Stores
from local_aws.functions.environment import EnvironmentStartError
from local_aws.functions.executor import Executor
from local_aws.functions.pool import ThrottledError
from local_aws.functions.runnable import runnable
from local_aws.functions.unpack import BadZipError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_FORBIDDEN = (
    "Forbidden. For troubleshooting Function URL authorization issues, see: "
    "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
)


class FunctionUrls:
    """WSGI middleware: answers requests to function URLs, and passes all others to `services`."""

    def __init__(self, stores: Stores, executor: Executor, services: "WSGIApplication") -> None:
        self._stores = stores
        self._executor = executor
        self._services = services

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request."""
        host = FUNCTION_URL.fullmatch(environ.get("HTTP_HOST", ""))
        if host is None:
            return self._services(environ, start_response)
        received = HttpRequest(environ)
        request = request_of(environ, received.get_data(), environ["HTTP_HOST"].partition(":")[0])
        target = self._target(host[1])
        not_found = _message(HTTPStatus.NOT_FOUND, None)
        answer = self._answer(received, request, target) if target else not_found
        response = Response(answer.body, answer.status, headers=list(answer.headers))
        response.headers["x-amzn-requestid"] = request.id
        return response(environ, start_response)

    def _target(self, url_id: str) -> Target | None:
        for store in self._stores.all():
            for function in list(store.functions.values()):
                for key, url in function.urls.items():
                    if url.url_id == url_id:
                        qualifier = None if key == LATEST else key
                        return Target(store, Reference(function.name, qualifier), url)
        return None

    def _answer(self, received: HttpRequest, request: Request, target: Target) -> Answer:
        rules = Cors.read(target.url.cors)
        if preflight := cors.preflight(request, rules):
            return preflight
        caller = permitted_caller(received, target)
        forbidden = _message(HTTPStatus.FORBIDDEN, _FORBIDDEN)
        answer = self._run(request, target, caller) if caller else forbidden
        return cors.with_cors(answer, request, rules)

    def _run(self, request: Request, target: Target, caller: Caller) -> Answer:
        event = json.dumps(_event(request, target, caller)).encode()
        try:
            function = runnable(target.store, target.reference)
            reply = self._executor.run(function, event, request_id=request.id).reply
        except ThrottledError as error:
            throttled = {"Reason": error.reason, "Type": "User", "message": error.sentence}
            return Answer(HTTPStatus.TOO_MANY_REQUESTS, JSON, json.dumps(throttled).encode())
        except (BadZipError, EnvironmentStartError, OSError) as error:
            return _message(HTTPStatus.BAD_GATEWAY, str(error))
        if reply.status != "success":
            return Answer(HTTPStatus.BAD_GATEWAY, JSON, b"Internal Server Error")
        return _from_payload(reply.payload)


def _from_payload(payload: bytes) -> Answer:
    """Return the response that a payload describes; a payload without a status code is the body of a 200, as JSON."""
    output = json.loads(payload or b"null")
    if not isinstance(output, dict) or "statusCode" not in output:
        return Answer(HTTPStatus.OK, JSON, payload or b"null")
    answer = answer_from(payload)
    given = {str(name).lower() for name in output.get("headers") or {}}
    if "content-type" in given:
        return answer
    others = [header for header in answer.headers if header[0] != "content-type"]
    return replace(answer, headers=(*others, *JSON))


def _event(request: Request, target: Target, caller: Caller) -> dict[str, Any]:
    """Return the event of payload format 2.0, as of an HTTP API with only a default route."""
    region = target.store.region
    api = HttpApi(target.url.url_id, caller.account, region, get_partition(region), (), ())
    arn = target.store.function_arn(target.reference.name)
    match = Match(Route(DEFAULT_ROUTE, Integration(arn, 0)), {})
    event = proxy_event(RoutedRequest(request, api, Stage(DEFAULT_STAGE), match))
    if caller.authorizer:
        event["requestContext"]["authorizer"] = caller.authorizer
    return event


def _message(status: HTTPStatus, text: str | None) -> Answer:
    return Answer(status, JSON, json.dumps({"Message": text}).encode())
