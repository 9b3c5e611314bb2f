"""The requests to function URLs, after "Invoking Lambda function URLs" and "Control access to Lambda function URLs"."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from moto.core.request import Request as HttpRequest
from moto.utilities.utils import get_partition
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
from local_aws.access.gateway.received import request_of
from local_aws.access.gateway.routes import DEFAULT_ROUTE, Match
from local_aws.access.public_hosts import FUNCTION_URL
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
        request = request_of(environ, received.get_data(), environ["HTTP_HOST"].partition(":")[0])
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
        caller = _caller(received, target)
        forbidden = _message(HTTPStatus.FORBIDDEN, _FORBIDDEN)
        answer = self._run(request, target, caller) if caller else forbidden
        return cors.with_cors(answer, request, rules)

    def _run(self, request: Request, target: Target, caller: "_Caller") -> Answer:
        event = json.dumps(_event(request, target, caller)).encode()
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


@dataclass(frozen=True)
class _Caller:
    """Who may invoke a function by its URL: the account, and who signed as an event describes it; None for anyone."""

    account: str
    authorizer: Mapping[str, Any] | None = None


def _caller(request: HttpRequest, target: Target) -> _Caller | None:
    """Return the caller if the URL's auth type lets it in: anyone by the policy, or who signed and has permission."""
    if target.url.auth_type == "NONE":
        permitted = permits_url(target.store, target.reference)
        return _Caller("anonymous") if permitted else None
    claim = signature.read(request.environ)
    # "Credential should be scoped to correct service", and region, says AWS.
    if claim is None or (claim.service, claim.region) != ("lambda", target.store.region):
        return None
    account = target.store.account
    key = verified(claim, request)
    if key is None:
        root = f"arn:{get_partition(target.store.region)}:iam::{account}:root"
        return _Caller(account, _iam(claim.access_key_id, account, account, root))
    if isinstance(key, Refusal):
        return None
    arn = target.store.function_arn(target.reference.name, target.reference.qualifier)
    call = ApiCall("lambda", "Invoke", {"FunctionName": arn, "FunctionUrlAuthType": "AWS_IAM"})
    if denial(key.principal, call, target.store.region) is not None:
        return None
    user_id = str(key.principal.context.get("aws:userid") or "")
    signed_by = _iam(claim.access_key_id, key.principal.account, user_id, key.principal.arn)
    return _Caller(account, signed_by)


def _iam(access_key: str, account: str, user_id: str, arn: str) -> Mapping[str, Any]:
    return {
        "iam": {
            "accessKey": access_key,
            "accountId": account,
            "callerId": user_id,
            "cognitoIdentity": None,
            "principalOrgId": None,
            "userArn": arn,
            "userId": user_id,
        }
    }


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


def _event(request: Request, target: Target, caller: _Caller) -> dict[str, Any]:
    arn = target.store.function_arn(target.reference.name)
    api = HttpApi(target.url.url_id, caller.account, target.store.region, "aws", (), ())
    match = Match(Route(DEFAULT_ROUTE, Integration(arn, 0)), {})
    event = proxy_event(request, api, Stage(DEFAULT_STAGE), match, None)
    if caller.authorizer:
        event["requestContext"]["authorizer"] = caller.authorizer
    return event


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
