"""Requests to function URLs: events, responses, CORS, and who gets in."""

import json
from typing import Any

from tests.integration.fidelity.case import (
    Case,
    guide,
)
from tests.integration.fidelity.cases.urls import EVENTS, ask
from tests.integration.fidelity.lab import Lab

CORS = guide("Configuring cross-origin resource sharing")
ECHO = ("def handler(event, context):", "    return event")
# What a function returns is returned as JSON or is the response, as "Response payload format" has it.
RETURNS = (
    "def handler(event, context):",
    "    match event['rawPath']:",
    "        case '/text': return 'hello'",
    "        case '/object': return {'a': 1}",
    "        case '/whole': return {'statusCode': 418, 'headers': {'x-tea': 'oolong'},",
    "            'cookies': ['a=1'], 'body': 'tea'}",
    "        case '/binary': return {'statusCode': 200, 'body': '/w==', 'isBase64Encoded': True}",
    "        case '/raise': raise ValueError('as you wish')",
)


def with_url(lab: Lab, *code: str, auth: str = "NONE", opened: bool = True, **config: Any) -> str:
    """Make a function with a URL, for anyone; returns the URL."""
    name = lab.function(*code)
    made = lab.call("create_function_url_config", FunctionName=name, AuthType=auth, **config)
    if opened:
        for sid, action, condition in (
            ("url", "lambda:InvokeFunctionUrl", {"FunctionUrlAuthType": "NONE"}),
            ("invoke", "lambda:InvokeFunction", {"InvokedViaFunctionUrl": True}),
        ):
            lab.call(
                "add_permission",
                FunctionName=name,
                StatementId=sid,
                Action=action,
                Principal="*",
                **condition,
            )
    url: str = made["FunctionUrl"]
    return url


def event(lab: Lab) -> object:
    sent = ask(
        lab,
        with_url(lab, *ECHO),
        "/a/b?x=1&x=2&y=",
        "POST",
        b'{"a": 1}',
        **{"X-Own": "yes", "Cookie": "c=1; d=2"},
    )
    seen: dict[str, Any] = json.loads(sent[2])
    return {
        **{name: seen[name] for name in ("version", "routeKey", "rawPath", "rawQueryString")},
        **{name: seen[name] for name in ("queryStringParameters", "cookies", "body")},
        "isBase64Encoded": seen["isBase64Encoded"],
        "x-own": seen["headers"]["x-own"],
        "stage": seen["requestContext"]["stage"],
        "method": seen["requestContext"]["http"]["method"],
        "accountId": seen["requestContext"]["accountId"],
    }


def binary_event(lab: Lab) -> object:
    sent = ask(lab, with_url(lab, *ECHO), "/", "POST", b"\xff", **{"Content-Type": "image/png"})
    seen = json.loads(sent[2])
    return [seen["body"], seen["isBase64Encoded"]]


def returned(path: str) -> Any:
    """Return what reads the response to a path."""

    def read(lab: Lab) -> object:
        code, headers, body = ask(lab, with_url(lab, *RETURNS), path)
        return [code, headers.get("content-type"), body.decode("latin-1")]

    return read


def whole(lab: Lab) -> object:
    code, headers, body = ask(lab, with_url(lab, *RETURNS), "/whole")
    return [code, headers["x-tea"], headers["set-cookie"], body.decode()]


def forbidden(auth: str) -> Any:
    """Return what reads the answer to someone without a permission."""

    def read(lab: Lab) -> object:
        code, _, body = ask(lab, with_url(lab, *ECHO, auth=auth, opened=False), "/")
        return [code, json.loads(body)["Message"]]

    return read


def cors(method: str, origin: str) -> Any:
    """Return what reads the CORS headers that a page of an origin gets."""

    def read(lab: Lab) -> object:
        url = with_url(
            lab,
            *ECHO,
            Cors={
                "AllowOrigins": ["https://a.example"],
                "AllowMethods": ["GET"],
                "AllowHeaders": ["x-own"],
                "ExposeHeaders": ["x-out"],
                "MaxAge": 60,
            },
        )
        asked = {"Origin": origin, "Access-Control-Request-Method": "GET"}
        headers = ask(lab, url, "/", method, None, **asked)[1]
        prefix = "access-control-"
        return {
            name.removeprefix(prefix): value
            for name, value in headers.items()
            if name.startswith(prefix)
        }

    return read


def half_permitted(lab: Lab) -> object:
    name = lab.function(*ECHO)
    made = lab.call("create_function_url_config", FunctionName=name, AuthType="NONE")
    lab.call(
        "add_permission",
        FunctionName=name,
        StatementId="url",
        Action="lambda:InvokeFunctionUrl",
        Principal="*",
        FunctionUrlAuthType="NONE",
    )
    return ask(lab, made["FunctionUrl"], "/")[0]


CASES = (
    Case(
        "A request becomes an event of format 2.0",
        "POST /a/b?x=1&x=2&y= with cookies",
        {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": "/a/b",
            "rawQueryString": "x=1&x=2&y=",
            "queryStringParameters": {"x": "1,2", "y": ""},
            "cookies": ["c=1", "d=2"],
            "body": '{"a": 1}',
            "isBase64Encoded": False,
            "x-own": "yes",
            "stage": "$default",
            "method": "POST",
            "accountId": "anonymous",
        },
        event,
        EVENTS,
    ),
    Case("A binary body is base64", "POST of an image", ["/w==", True], binary_event, EVENTS),
    Case(
        "Returned text is the body, as JSON",
        "GET /text",
        [200, "application/json", '"hello"'],
        returned("/text"),
    ),
    Case(
        "A returned object without a status is the body",
        "GET /object",
        [200, "application/json", '{"a": 1}'],
        returned("/object"),
        EVENTS,
    ),
    Case(
        "A returned response is sent as it is",
        "GET /whole",
        [418, "oolong", "a=1", "tea"],
        whole,
        EVENTS,
    ),
    Case(
        "A base64 body is decoded",
        "GET /binary",
        [200, "application/json", "\u00ff"],
        returned("/binary"),
        EVENTS,
    ),
    Case(
        "A failure says nothing",
        "GET /raise",
        [502, "application/json", "Internal Server Error"],
        returned("/raise"),
    ),
    Case(
        "Since October 2025 a URL needs a permission of InvokeFunction too",
        "GET / with a permission of InvokeFunctionUrl alone",
        403,
        half_permitted,
        guide("Control access to Lambda function URLs"),
    ),
    *(
        Case(
            f"Without a permission a URL of type {auth} is forbidden",
            "GET / without a signature",
            [403, "Forbidden. For troubleshooting Function URL authorization issues, see: …"],
            forbidden(auth),
        )
        for auth in ("NONE", "AWS_IAM")
    ),
    Case(
        "A page's preflight is answered as configured",
        "OPTIONS of a page of https://a.example",
        {
            "allow-origin": "https://a.example",
            "allow-methods": "GET",
            "allow-headers": "x-own",
            "max-age": "60",
        },
        cors("OPTIONS", "https://a.example"),
        CORS,
    ),
    Case(
        "A page of an allowed origin may read the answer",
        "GET of a page of https://a.example",
        {"allow-origin": "https://a.example", "expose-headers": "x-out"},
        cors("GET", "https://a.example"),
        CORS,
    ),
    Case(
        "A page of another origin may not",
        "GET of a page of https://b.example",
        {},
        cors("GET", "https://b.example"),
        CORS,
    ),
)
