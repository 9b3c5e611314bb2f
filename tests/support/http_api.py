"""Requests to an HTTP API, and the API that they are for."""

from datetime import UTC, datetime
from typing import Any

from local_aws.access.gateway.configuration import HttpApi, Integration, JwtAuthorizer, Route, Stage
from local_aws.access.gateway.request import Request

NOON = datetime(2026, 11, 24, 12, 0, 5, 678000, tzinfo=UTC)
FUNCTION = Integration("arn:aws:lambda:eu-west-1:123456789012:function:f", timeout_s=5)


def request(
    path: str = "/ride", method: str = "POST", body: bytes = b"", **headers: str
) -> Request:
    """Make a request; underscores in the names of headers stand for dashes."""
    route, _, query = path.partition("?")
    return Request(
        id="an-id",
        method=method,
        path=route,
        query=query,
        protocol="HTTP/1.1",
        headers=tuple((name.replace("_", "-"), value) for name, value in headers.items()),
        body=body,
        source_ip="127.0.0.1",
        host="127.0.0.1:8080",
        received=NOON,
    )


def route(key: str, **settings: Any) -> Route:
    return Route(key, FUNCTION, **settings)


def api(
    *routes: Route, stages: tuple[Stage, ...] = (Stage("$default"),), **settings: Any
) -> HttpApi:
    return HttpApi(
        id="abc",
        account="123456789012",
        region="eu-west-1",
        partition="aws",
        routes=routes,
        stages=stages,
        **settings,
    )


def authorizer(*audience: str) -> JwtAuthorizer:
    return JwtAuthorizer("$request.header.Authorization", "https://issuer.example", audience)
