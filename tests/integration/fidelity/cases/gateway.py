"""API Gateway's HTTP APIs in front of a function."""

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from tests.integration.fidelity.case import ARN, Case, Source
from tests.integration.fidelity.lab import Lab

PAYLOADS = Source(
    'API Gateway Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs"', "2026-11"
)
RETURNS = (
    "def handler(event, context):",
    "    match event.get('rawPath') or event.get('path'):",
    "        case '/text': return 'hello'",
    "        case '/object': return {'a': 1}",
    "        case '/whole': return {'statusCode': 418, 'headers': {'x-tea': 'oolong'}, 'body': 'tea'}",
    "        case '/several': return {'statusCode': 200, 'body': '1', 'multiValueHeaders': {'x': ['1', '2']}}",
    "        case '/raise': raise ValueError('as you wish')",
    "    return {'statusCode': 200, 'body': __import__('json').dumps(event)}",
)


def api(lab: Lab, payload_format: str = "2.0", *, permitted: bool = True) -> str:
    """Make an HTTP API with a function behind every path; returns its address."""
    name, gateway = lab.function(*RETURNS), lab.client("apigatewayv2")
    made = gateway.create_api(Name=lab.name("API"), ProtocolType="HTTP")
    lab.afterwards(gateway.delete_api, ApiId=made["ApiId"])
    gateway.create_stage(ApiId=made["ApiId"], StageName="$default", AutoDeploy=True)
    integration = gateway.create_integration(
        ApiId=made["ApiId"],
        IntegrationType="AWS_PROXY",
        IntegrationUri=ARN + name,
        PayloadFormatVersion=payload_format,
    )
    gateway.create_route(
        ApiId=made["ApiId"],
        RouteKey="ANY /{proxy+}",
        Target=f"integrations/{integration['IntegrationId']}",
    )
    if permitted:
        lab.permit(
            name, "apigateway", f"arn:aws:execute-api:us-east-1:123456789012:{made['ApiId']}/*/*"
        )
    address: str = made["ApiEndpoint"]
    return address


def ask(address: str, path: str) -> tuple[int, dict[str, str], str]:
    connection = HTTPConnection(urlsplit(address).netloc)
    try:
        connection.request("GET", path)
        answered = connection.getresponse()
        named = {
            name.lower(): ",".join(answered.headers.get_all(name, ())) for name in answered.headers
        }
        return answered.status, named, answered.read().decode()
    finally:
        connection.close()


def returned(path: str, payload_format: str = "2.0") -> Any:
    """Return what reads the response to a path, and its content type."""

    def read(lab: Lab) -> object:
        code, headers, body = ask(api(lab, payload_format), path)
        return [code, headers.get("content-type"), body]

    return read


def several_values(lab: Lab) -> object:
    code, headers, _ = ask(api(lab, "1.0"), "/several")
    return [code, headers.get("x")]


def event(payload_format: str, *members: str) -> Any:
    """Return what reads members of the event."""

    def read(lab: Lab) -> object:
        seen = json.loads(ask(api(lab, payload_format), "/a?x=1&x=2")[2])
        return [seen[member] for member in members]

    return read


def not_permitted(lab: Lab) -> object:
    code, _, body = ask(api(lab, permitted=False), "/text")
    return [code, json.loads(body)]


def not_routed(lab: Lab) -> object:
    code, _, body = ask(api(lab), "/")
    return [code, json.loads(body)]


FAILED = [500, "application/json", '{"message":"Internal Server Error"}']

CASES = (
    Case(
        "An HTTP API sends an event of format 2.0",
        "GET /a?x=1&x=2",
        ["2.0", "ANY /{proxy+}", "/a", "x=1&x=2", {"x": "1,2"}],
        event("2.0", "version", "routeKey", "rawPath", "rawQueryString", "queryStringParameters"),
        PAYLOADS,
    ),
    Case(
        "Or of format 1.0, with every value of a parameter",
        "GET /a?x=1&x=2",
        ["1.0", "/{proxy+}", "/a", "GET", {"x": "2"}, {"x": ["1", "2"]}, {"proxy": "a"}],
        event(
            "1.0",
            *("version", "resource", "path", "httpMethod", "queryStringParameters"),
            *("multiValueQueryStringParameters", "pathParameters"),
        ),
        PAYLOADS,
    ),
    Case(
        "With format 1.0, a response may have several values of a header",
        "GET /several",
        [200, "1,2"],
        several_values,
        PAYLOADS,
    ),
    Case(
        "With format 1.0, text is no response",
        "GET /text",
        FAILED,
        returned("/text", "1.0"),
        PAYLOADS,
    ),
    Case(
        "With format 2.0, returned text is the body",
        "GET /text",
        [200, "application/json", "hello"],
        returned("/text"),
        PAYLOADS,
    ),
    Case(
        "With format 2.0, an object without a status is the body",
        "GET /object",
        [200, "application/json", '{"a":1}'],
        returned("/object"),
        PAYLOADS,
    ),
    Case("A failure says nothing", "GET /raise", FAILED, returned("/raise"), PAYLOADS),
    Case(
        "A response is sent as it is",
        "GET /whole",
        [418, "text/plain;charset=UTF-8", "tea"],
        returned("/whole"),
        PAYLOADS,
    ),
    Case(
        "Without a permission the API cannot call the function",
        "GET /text",
        [500, {"message": "Internal Server Error"}],
        not_permitted,
        PAYLOADS,
    ),
    Case(
        "A path without a route is not found",
        "GET /",
        [404, {"message": "Not Found"}],
        not_routed,
        PAYLOADS,
    ),
)
