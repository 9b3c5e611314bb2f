"""The event for a function, after "Input format of a Lambda function for proxy integration" (format 1.0)."""

import base64
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from local_aws.access.gateway.proxy_event import texts
from local_aws.access.gateway.proxy_event_v1 import UNSIGNED, values_by_name
from local_aws.access.gateway.request import Request
from local_aws.access.rest.configuration import DeployedStage, Method, RestApi


def proxy_event(
    request: Request,
    stage: DeployedStage,
    method: Method,
    path_parameters: Mapping[str, str],
    claims: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Return the event for a request that matched a method; `claims` are those of its token, if the method needs one.

    The request's path does not include the stage.
    """
    headers = [(_capitalized(name), value) for name, value in request.headers]
    query = parse_qsl(request.query, keep_blank_values=True)
    body, in_base64 = _body(request, stage.api)
    return {
        "resource": method.path,
        "path": unquote(request.path),
        "httpMethod": request.method,
        "headers": dict(headers) or None,
        "multiValueHeaders": values_by_name(headers) or None,
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": values_by_name(query) or None,
        "pathParameters": dict(path_parameters) or None,
        "stageVariables": dict(stage.variables) or None,
        "requestContext": _context(request, stage, method, claims),
        "body": body,
        "isBase64Encoded": in_base64,
    }


def _context(
    request: Request, stage: DeployedStage, method: Method, claims: Mapping[str, Any] | None
) -> dict[str, Any]:
    api = stage.api
    authorizer = {} if claims is None else {"authorizer": {"claims": texts(claims)}}
    return {
        "resourceId": method.resource_id,
        **authorizer,
        "resourcePath": method.path,
        "httpMethod": request.method,
        "extendedRequestId": request.id.replace("-", "")[:15] + "=",
        "requestTime": request.time,
        "path": f"/{stage.name}{unquote(request.path)}",
        "accountId": api.account,
        "protocol": request.protocol,
        "stage": stage.name,
        "domainPrefix": api.id,
        "requestTimeEpoch": request.time_epoch,
        "requestId": request.id,
        "identity": {
            **dict.fromkeys(UNSIGNED),
            "sourceIp": request.source_ip,
            "userAgent": request.header("user-agent") or None,
        },
        "domainName": request.host,
        "deploymentId": stage.deployment_id,
        "apiId": api.id,
    }


def _body(request: Request, api: RestApi) -> tuple[str | None, bool]:
    if not request.body:
        return None, False
    if _is_binary(request.header("content-type"), api.binary_types):
        return base64.b64encode(request.body).decode("ascii"), True
    return request.body.decode(errors="replace"), False


def _is_binary(content_type: str, binary_types: Iterable[str]) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    matching = (kind, "*/*", f"{kind.partition('/')[0]}/*")
    return any(each.lower() in matching for each in binary_types)


def _capitalized(name: str) -> str:
    """Return a header's name as most clients write it: Content-Type."""
    return "-".join(part.capitalize() for part in name.split("-"))
