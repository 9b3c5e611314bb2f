"""API Gateway's REST APIs in front of a function."""

import contextlib
import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from tests.integration.fidelity.case import RECORDED, Case, Difference, Source
from tests.integration.fidelity.lab import Lab

INPUT = Source('API Gateway Developer Guide, "Lambda proxy integrations in API Gateway"', "2026-11")
RETURNS = (
    "import json",
    "def handler(event, context):",
    "    match event['path']:",
    "        case '/text': return 'hello'",
    "        case '/whole': return {'statusCode': 418, 'headers': {'X-Tea': 'oolong'}, 'body': 'tea'}",
    "        case '/raise': raise ValueError('as you wish')",
    "    return {'statusCode': 200, 'body': json.dumps(event)}",
)
BROKEN = [502, "application/json", '{"message": "Internal server error"}']


def ask(lab: Lab, path: str, *, permitted: bool = True, by_host: bool = False) -> Any:
    """Make a REST API with a function behind every path of its stage `prod`, and send GET to a path."""
    name, gateway = lab.function(*RETURNS), lab.client("apigateway")
    made = gateway.create_rest_api(name=lab.name("API"))["id"]
    lab.afterwards(gateway.delete_rest_api, restApiId=made)
    [root] = gateway.get_resources(restApiId=made)["items"]
    resource = gateway.create_resource(restApiId=made, parentId=root["id"], pathPart="{proxy+}")
    method = {"restApiId": made, "resourceId": resource["id"], "httpMethod": "ANY"}
    gateway.put_method(**method, authorizationType="NONE")
    arn = f"arn:aws:lambda:us-east-1:123456789012:function:{name}"
    gateway.put_integration(
        **method,
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations",
    )
    gateway.create_deployment(restApiId=made, stageName="prod")
    if permitted:
        lab.permit(name, "apigateway", f"arn:aws:execute-api:us-east-1:123456789012:{made}/*/*")
    host = f"{made}.execute-api.us-east-1.localhost"
    where = path if by_host else f"/restapis/{made}/prod/_user_request_{path}"
    with contextlib.closing(HTTPConnection(urlsplit(lab.shared.endpoint).netloc)) as connection:
        connection.request("GET", where, headers={"Host": host} if by_host else {})
        answered = connection.getresponse()
        return answered.status, answered.headers, answered.read().decode()


def returned(path: str, **how: bool) -> Any:
    """Return what reads the response to a path, and its content type."""

    def read(lab: Lab) -> object:
        code, headers, body = ask(lab, path, **how)
        return [code, headers["content-type"], body]

    return read


def event(lab: Lab) -> object:
    seen = json.loads(ask(lab, "/a?x=1&x=2")[2])
    return [
        *(seen[name] for name in ("resource", "path", "httpMethod", "pathParameters", "body")),
        *(seen[name] for name in ("queryStringParameters", "multiValueQueryStringParameters")),
        seen["requestContext"]["stage"],
    ]


CASES = (
    Case(
        "A function that returns text is a bad gateway",
        "GET /text",
        BROKEN,
        returned("/text"),
        RECORDED,
    ),
    Case("A function that fails is a bad gateway", "GET /raise", BROKEN, returned("/raise"), INPUT),
    Case(
        "A function that may not be called is a failure of the API",
        "GET /text",
        [500, "application/json", '{"message": "Internal server error"}'],
        returned("/text", permitted=False),
        INPUT,
    ),
    Case(
        "A response without a content type is JSON",
        "GET /whole",
        [418, "application/json", "tea"],
        returned("/whole"),
        INPUT,
    ),
    Case(
        "A request becomes an event, with every value of a parameter",
        "GET /a?x=1&x=2",
        [
            *("/{proxy+}", "/a", "GET", {"proxy": "a"}, None, {"x": "2"}, {"x": ["1", "2"]}),
            "prod",
        ],
        event,
        INPUT,
    ),
    Case(
        "A path without a stage is forbidden",
        "GET / of the API's host",
        [403, "application/json", '{"message": "Forbidden"}'],
        returned("/", by_host=True),
        INPUT,
    ),
    Case(
        "An API has a host of its own",
        "the address of a stage",
        "https://ID.execute-api.us-east-1.amazonaws.com/prod",
        lambda lab: (
            "http://ID.execute-api.us-east-1.localhost/prod"
            if ask(lab, "/prod/whole", by_host=True)[0] == 418
            else "no answer"
        ),
        INPUT,
        Difference(
            "http://ID.execute-api.us-east-1.localhost/prod",
            "Names below localhost lead to this machine. /restapis/ID/prod/_user_request_ leads to it too.",
        ),
    ),
)
