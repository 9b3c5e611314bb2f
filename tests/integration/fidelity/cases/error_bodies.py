"""Errors of the API: their bodies, and the ids of requests."""

from collections.abc import Mapping
from typing import Any
from urllib.request import Request, urlopen

from botocore.exceptions import ClientError

from tests.integration.fidelity.case import (
    ARN,
    Case,
)
from tests.integration.fidelity.lab import Lab


def error_body(lab: Lab, operation: str, **parameters: Any) -> Any:
    """Return the members of an error's body but Error and ResponseMetadata, as botocore parses them."""
    try:
        lab.call(operation, **parameters)
    except ClientError as error:
        response: Mapping[str, Any] = error.response
        return {
            name: response[name] for name in response if name not in ("Error", "ResponseMetadata")
        }
    return "not refused"


def body(behaviour: str, aws: object, operation: str, **parameters: Any) -> Case:
    """Return the case of what the body of an error holds."""
    return Case(
        behaviour,
        f"{operation}({', '.join(f'{k}={v!r}' for k, v in parameters.items())})",
        aws,
        lambda lab: error_body(lab, operation, **parameters),
    )


def request_ids(lab: Lab) -> object:
    """Return the request ids of an answer, of an invocation and of an error."""
    name = lab.function("def handler(event, context):", "    return context.aws_request_id")
    invoked = lab.invoke(name)
    try:
        lab.call("get_function", FunctionName="no")
    except ClientError as error:
        refused: Mapping[str, Any] = error.response
    return [
        lab.call("get_function")["ResponseMetadata"]["RequestId"],
        invoked["ResponseMetadata"]["RequestId"] == invoked["Payload"],
        refused["ResponseMetadata"]["RequestId"],
    ]


def unsigned(lab: Lab) -> object:
    url = f"{lab.shared.endpoint}/2015-03-31/functions/{lab.shared.name}/invocations"
    try:
        with urlopen(Request(url, b"{}")) as answered:  # noqa: S310 - loopback
            return answered.status
    except OSError as error:
        return getattr(error, "code", str(error))


CASES = (
    Case(
        "Requests have a UUID, which the function sees",
        "get_function, invoke, get_function of none",
        ["UUID", True, "UUID"],
        request_ids,
    ),
    Case("A request without a signature is refused", "POST without Authorization", 403, unsigned),
    body(
        "The body of a 404 has Type and Message",
        {
            "Type": "User",
            "Message": f"Function not found: {ARN}no",
        },
        "get_function",
        FunctionName="no",
    ),
    body(
        "The body of a 400 has Type and message",
        {
            "Type": "User",
            "message": "$LATEST version cannot be deleted without deleting the function.",
        },
        "delete_function",
        Qualifier="$LATEST",
    ),
    body(
        "The body of a 409 has Type and message",
        {
            "Type": "User",
            "message": f"Alias already exists: {ARN}NAME:live",
        },
        "create_alias",
        Name="live",
        FunctionVersion="1",
    ),
)
