"""The configs of function URLs."""

from http.client import HTTPConnection
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
