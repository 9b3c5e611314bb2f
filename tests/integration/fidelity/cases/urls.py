"""Function URLs: their configs and requests to them."""

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from tests.integration.fidelity.case import (
    ARN,
    CONFLICT,
    MISSING,
    VALIDATION,
    Case,
    Difference,
    guide,
    refusal,
)
from tests.integration.fidelity.lab import Lab, status

NONE = f"404 {MISSING}: The resource you requested does not exist."
EVENTS = guide("Invoking Lambda function URLs")
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


def ask(
    lab: Lab, url: str, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Send a request to a URL, whose host not every resolver knows."""
    connection = HTTPConnection(urlsplit(lab.shared.endpoint).netloc)
    try:
        connection.request(method, path, body, {"Host": urlsplit(url).netloc, **headers})
        answered = connection.getresponse()
        named = {name.lower(): value for name, value in answered.getheaders()}
        return answered.status, named, answered.read()
    finally:
        connection.close()


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


def deleted(lab: Lab) -> object:
    name = lab.function()
    url = lab.call("create_function_url_config", FunctionName=name, AuthType="NONE")["FunctionUrl"]
    answered = status(lab.call("delete_function_url_config", FunctionName=name))
    return [
        answered,
        ask(lab, url, "/")[0],
        lab.refusal("get_function_url_config", FunctionName=name),
    ]


def created(lab: Lab) -> object:
    answered = lab.call("create_function_url_config", FunctionName=lab.function(), AuthType="NONE")
    kept = ("FunctionArn", "AuthType", "InvokeMode")
    return [status(answered), *(answered[name] for name in kept)]


def twice(lab: Lab) -> object:
    name = lab.function()
    lab.call("create_function_url_config", FunctionName=name, AuthType="NONE")
    return lab.refusal("create_function_url_config", FunctionName=name, AuthType="NONE")


def of_alias(lab: Lab) -> object:
    name = lab.versions("first")
    lab.call("create_alias", FunctionName=name, Name="live", FunctionVersion="1")
    lab.call("create_function_url_config", FunctionName=name, AuthType="NONE")
    lab.call("create_function_url_config", FunctionName=name, AuthType="AWS_IAM", Qualifier="live")
    listed = lab.call("list_function_url_configs", FunctionName=name)["FunctionUrlConfigs"]
    return sorted([config["FunctionArn"], config["AuthType"]] for config in listed)


def updated(lab: Lab) -> object:
    name = lab.function()
    lab.call("create_function_url_config", FunctionName=name, AuthType="NONE")
    answered = lab.call(
        "update_function_url_config", FunctionName=name, Cors={"AllowOrigins": ["*"]}
    )
    return [status(answered), answered["AuthType"], answered["Cors"]]


def host(lab: Lab) -> object:
    made = lab.call("create_function_url_config", FunctionName=lab.function(), AuthType="NONE")
    url = urlsplit(made["FunctionUrl"])
    first, _, rest = (url.hostname or "").partition(".")
    return f"{url.scheme}://{'x' * len(first)}.{rest}"


CASES = (
    Case(
        "A URL is made with 201, buffered, for the unqualified ARN",
        "create_function_url_config(AuthType='NONE')",
        [201, f"{ARN}NAME", "NONE", "BUFFERED"],
        created,
    ),
    Case(
        "A function has one URL",
        "create_function_url_config twice",
        f"409 {CONFLICT}: Failed to create function url config for [functionArn = {ARN}NAME]. "
        "Error message:  FunctionUrlConfig exists for this Lambda function",
        twice,
    ),
    Case(
        "An alias has a URL of its own",
        "create_function_url_config(Qualifier='live')",
        [[f"{ARN}NAME", "NONE"], [f"{ARN}NAME:live", "AWS_IAM"]],
        of_alias,
    ),
    Case(
        "An update merges",
        "update_function_url_config(Cors=…)",
        [200, "NONE", {"AllowOrigins": ["*"]}],
        updated,
    ),
    Case(
        "A URL is deleted with 204, and not found",
        "delete_function_url_config",
        [204, 404, NONE],
        deleted,
    ),
    Case(
        "A URL is an HTTPS address of its own",
        "create_function_url_config",
        f"https://{'x' * 32}.lambda-url.us-east-1.on.aws",
        host,
        EVENTS,
        Difference(
            f"http://{'x' * 32}.lambda-url.us-east-1.localhost",
            "Names below localhost lead to this machine, and no certificate is needed.",
        ),
    ),
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
    refusal("A function without a URL says so", NONE, "get_function_url_config"),
    refusal("No URL cannot be deleted", NONE, "delete_function_url_config"),
    refusal(
        "A version has no URL",
        f"400 {VALIDATION}: 1 validation error detected: Value '1' at 'qualifier' failed to satisfy "
        r"constraint: Member must satisfy regular expression pattern: ((?!^\d+$)^[0-9a-zA-Z-_]+$)",
        "create_function_url_config",
        AuthType="NONE",
        Qualifier="1",
    ),
    refusal(
        "An unknown alias has no URL",
        f"404 {MISSING}: Function does not exist",
        "create_function_url_config",
        AuthType="NONE",
        Qualifier="none",
    ),
    refusal(
        "An unknown function has no URL",
        f"404 {MISSING}: Function does not exist",
        "create_function_url_config",
        AuthType="NONE",
        FunctionName="no",
    ),
    refusal(
        "Authentication is of a known type",
        f"400 {VALIDATION}: 1 validation error detected: Value 'SOME' at 'authType' failed to satisfy "
        "constraint: Member must satisfy enum value set: [NONE, AWS_IAM]",
        "create_function_url_config",
        AuthType="SOME",
    ),
    refusal(
        "A response is buffered or streamed",
        f"400 {VALIDATION}: 1 validation error detected: Value 'Buffered' at 'invokeMode' failed to satisfy "
        "constraint: Member must satisfy enum value set: [RESPONSE_STREAM, BUFFERED]",
        "create_function_url_config",
        AuthType="NONE",
        InvokeMode="Buffered",
    ),
)
