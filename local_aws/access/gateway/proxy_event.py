"""The event of payload format 2.0, after "Create AWS Lambda proxy integrations for HTTP APIs"."""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from local_aws.access.gateway.configuration import HttpApi, Route, Stage
from local_aws.access.gateway.request import Request
from local_aws.access.gateway.routes import Match

# Bodies of these types are passed as text, all others in base64.
TEXT_TYPES = ("application/json", "application/javascript", "application/xml")
TEXT_SUFFIXES = ("+json", "+xml")


@dataclass(frozen=True)
class RoutedRequest:
    """A request with the API, stage and route that it is for, and the claims of its token if the route needs one."""

    request: Request
    api: HttpApi
    stage: Stage
    match: Match[Route]
    claims: Mapping[str, Any] | None = None


def proxy_event(routed: RoutedRequest) -> dict[str, Any]:
    """Return the event for a request."""
    request, match, stage = routed.request, routed.match, routed.stage
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": match.route.key,
        "rawPath": request.path,
        "rawQueryString": request.query,
        "headers": _joined(header for header in request.headers if header[0] != "cookie"),
        "requestContext": _context(routed),
        "isBase64Encoded": False,
    }
    cookies = [
        cookie
        for name, value in request.headers
        if name == "cookie"
        for cookie in value.split("; ")
    ]
    if cookies:
        event["cookies"] = cookies
    query = _joined(parse_qsl(request.query, keep_blank_values=True))
    if query:
        event["queryStringParameters"] = query
    if match.path_parameters:
        event["pathParameters"] = dict(match.path_parameters)
    if stage.variables:
        event["stageVariables"] = dict(stage.variables)
    if request.body:
        event["body"], event["isBase64Encoded"] = body_of(request)
    return event


def _context(routed: RoutedRequest) -> dict[str, Any]:
    request, api, match = routed.request, routed.api, routed.match
    context: dict[str, Any] = {
        "accountId": api.account,
        "apiId": api.id,
        "domainName": request.host,
        "domainPrefix": request.host.partition(".")[0],
        "http": {
            "method": request.method,
            "path": request.path,
            "protocol": request.protocol,
            "sourceIp": request.source_ip,
            "userAgent": request.header("user-agent"),
        },
        "requestId": request.id,
        "routeKey": match.route.key,
        "stage": routed.stage.name,
        "time": request.time,
        "timeEpoch": request.time_epoch,
    }
    if routed.claims is not None:
        scopes = list(match.route.scopes) or None
        context["authorizer"] = {"jwt": {"claims": texts(routed.claims), "scopes": scopes}}
    return context


def texts(claims: Mapping[str, Any]) -> dict[str, str]:
    """Return claims as API Gateway passes them on: all as strings, arrays as `[a b]`, without nulls."""
    return {name: _text(value) for name, value in claims.items() if value is not None}


def _text(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return f"[{' '.join(map(_text, value))}]"
        case dict():
            return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
        case _:
            return str(value)


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def body_of(request: Request) -> tuple[str, bool]:
    """Return the body as text for an event, and whether it is encoded in base64."""
    if _is_text(request.header("content-type")):
        try:
            return request.body.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(request.body).decode("ascii"), True


def _is_text(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return (
        kind.startswith("text/") or kind in TEXT_TYPES or kind.endswith(TEXT_SUFFIXES) or not kind
    )
