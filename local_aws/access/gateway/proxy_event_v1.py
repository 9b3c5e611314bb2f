"""The event of payload format 1.0, after "Create AWS Lambda proxy integrations for HTTP APIs"."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from local_aws.access.gateway.configuration import Route
from local_aws.access.gateway.proxy_event import RoutedRequest, body_of, texts
from local_aws.access.gateway.routes import Match

# The members of `identity` that are null unless the request is signed.
UNSIGNED = (
    *("accessKey", "accountId", "caller", "cognitoAuthenticationProvider"),
    *("cognitoAuthenticationType", "cognitoIdentityId", "cognitoIdentityPoolId"),
    *("principalOrgId", "user", "userArn"),
)


def proxy_event_v1(routed: RoutedRequest) -> dict[str, Any]:
    """Return the event for a request."""
    request, match, stage = routed.request, routed.match, routed.stage
    query = parse_qsl(request.query, keep_blank_values=True)
    body, in_base64 = body_of(request) if request.body else (None, False)
    return {
        "version": "1.0",
        "resource": _resource(match),
        "path": request.path,
        "httpMethod": request.method,
        "headers": dict(request.headers),
        "multiValueHeaders": values_by_name(request.headers),
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": values_by_name(query) or None,
        "requestContext": _context(routed),
        "pathParameters": dict(match.path_parameters) or None,
        "stageVariables": dict(stage.variables) or None,
        "body": body,
        "isBase64Encoded": in_base64,
    }


def values_by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return all values of each name, in order."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values


def _context(routed: RoutedRequest) -> dict[str, Any]:
    request, api, match = routed.request, routed.api, routed.match
    authorizer: dict[str, Any] = {}
    if routed.claims is not None:
        scopes = list(match.route.scopes) or None
        authorizer = {"authorizer": {"claims": texts(routed.claims), "scopes": scopes}}
    return {
        "accountId": api.account,
        "apiId": api.id,
        **authorizer,
        "domainName": request.host,
        "domainPrefix": request.host.partition(".")[0],
        "extendedRequestId": request.id,
        "httpMethod": request.method,
        "identity": {
            **dict.fromkeys(UNSIGNED),
            "sourceIp": request.source_ip,
            "userAgent": request.header("user-agent"),
        },
        "path": request.path,
        "protocol": request.protocol,
        "requestId": request.id,
        "requestTime": request.time,
        "requestTimeEpoch": request.time_epoch,
        "resourceId": match.route.key,
        "resourcePath": _resource(match),
        "stage": routed.stage.name,
    }


def _resource(match: Match[Route]) -> str:
    """Return the path in a route's key, such as `/ride/{id}`; that of the default route is `$default`."""
    return match.route.key.rpartition(" ")[2]
