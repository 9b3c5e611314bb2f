"""The requests to function URLs, after "Invoking Lambda function URLs" and "Control access to Lambda function URLs"."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from moto.core.request import Request as HttpRequest
from werkzeug.wrappers import Response

from local_aws.access.gateway import cors
from local_aws.access.gateway.configuration import (
    DEFAULT_STAGE,
    Cors,
    HttpApi,
    Integration,
    Route,
    Stage,
)
from local_aws.access.gateway.proxy_event import Request, proxy_event
from local_aws.access.gateway.proxy_response import Answer, answer_from
from local_aws.access.gateway.routes import DEFAULT_ROUTE, Match
from local_aws.access.public_hosts import FUNCTION_URL
from local_aws.access.received import request_of
from local_aws.functions.api.call import Reference
from local_aws.functions.api.store import LATEST, FunctionUrl, Store, Stores
from local_aws.functions.environment import EnvironmentStartError
from local_aws.functions.executor import Executor
from local_aws.functions.pool import ThrottledError
from local_aws.functions.resource_policies import permits_url
from local_aws.functions.runnable import runnable
from local_aws.functions.unpack import BadZipError
from local_aws.iam import signature
from local_aws.iam.api_call import ApiCall
from local_aws.iam.authorization import denial
from local_aws.iam.middleware import verified
from local_aws.iam.refusals import Refusal

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_FORBIDDEN = (
    "Forbidden. For troubleshooting Function URL authorization issues, see: "
    "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
)


@dataclass(frozen=True)
class Target:
    """The function, version or alias that a URL is for."""

    store: Store
    reference: Reference
    url: FunctionUrl


class FunctionUrls:
    """WSGI middleware: answers requests to function URLs, and leaves every other request to `services`."""

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
        request = request_of(received)
        target = self._target(host[1])
        answer = (
            _message(HTTPStatus.NOT_FOUND, None)
            if target is None
            else self._answer(received, request, target)
        )
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
        rules = _cors(target.url.cors)
        if preflight := cors.preflight(request, rules):
            return preflight
        if not _is_allowed(received, target):
            answer = _message(HTTPStatus.FORBIDDEN, _FORBIDDEN)
        else:
            answer = self._run(request, target)
        return cors.with_cors(answer, request, rules)

    def _run(self, request: Request, target: Target) -> Answer:
        event = json.dumps(_event(request, target)).encode()
        try:
            function = runnable(target.store, target.reference)
            reply = self._executor.run(function, event, request_id=request.id).reply
        except ThrottledError as error:
            throttled = {"Reason": error.reason, "Type": "User", "message": error.sentence}
            body = json.dumps(throttled).encode()
            return Answer(HTTPStatus.TOO_MANY_REQUESTS, _JSON, body)
        except (BadZipError, EnvironmentStartError, OSError) as error:
            return _message(HTTPStatus.BAD_GATEWAY, str(error))
        if reply.status != "success":
            text = (("content-type", "application/json"),)
            return Answer(HTTPStatus.BAD_GATEWAY, text, b"Internal Server Error")
        return _from_payload(reply.payload)


_JSON = (("content-type", "application/json"),)


def _is_allowed(request: HttpRequest, target: Target) -> bool:
    """Whether the URL's auth type lets the caller in: anyone by the policy, or who signed and has a permission."""
    if target.url.auth_type == "NONE":
        return permits_url(target.store, target.reference)
    claim = signature.read(request.environ)
    if claim is None:
        return False
    key = verified(claim, request)
    if key is None or isinstance(key, Refusal):
        return key is None
    arn = target.store.function_arn(target.reference.name, target.reference.qualifier)
    call = ApiCall("lambda", "Invoke", {"FunctionName": arn, "FunctionUrlAuthType": "AWS_IAM"})
    return denial(key.principal, call, target.store.region) is None


def _from_payload(payload: bytes) -> Answer:
    """Return the response that a payload describes; what has no status code is the body of a 200, as JSON."""
    output = json.loads(payload or b"null")
    if not isinstance(output, dict) or "statusCode" not in output:
        return Answer(HTTPStatus.OK, _JSON, payload or b"null")
    answer = answer_from(payload)
    given = {str(name).lower() for name in output.get("headers") or {}}
    if "content-type" in given:
        return answer
    others = [pair for pair in answer.headers if pair[0] != "content-type"]
    return replace(answer, headers=(*others, *_JSON))


def _event(request: Request, target: Target) -> dict[str, Any]:
    arn = target.store.function_arn(target.reference.name)
    api = HttpApi(target.url.url_id, "anonymous", target.store.region, "aws", (), ())
    match = Match(Route(DEFAULT_ROUTE, Integration(arn, 0)), {})
    return proxy_event(request, api, Stage(DEFAULT_STAGE), match, None)


def _message(status: HTTPStatus, text: str | None) -> Answer:
    return Answer(status, _JSON, json.dumps({"Message": text}).encode())


def _cors(given: Mapping[str, Any] | None) -> Cors | None:
    if not given:
        return None
    return Cors(
        allow_origins=tuple(given.get("AllowOrigins", ())),
        allow_methods=tuple(given.get("AllowMethods", ())),
        allow_headers=tuple(given.get("AllowHeaders", ())),
        expose_headers=tuple(given.get("ExposeHeaders", ())),
        max_age_s=given.get("MaxAge"),
        allow_credentials=bool(given.get("AllowCredentials", False)),
    )
