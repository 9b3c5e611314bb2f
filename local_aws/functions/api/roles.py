"""Whether Lambda may assume a function's role, and whether the role may do what a configuration asks of it."""

import json
from collections.abc import Mapping
from typing import Any

from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends

from local_aws.functions.api.errors import invalid_parameter
from local_aws.iam.api_call import ApiCall
from local_aws.iam.authorization import denial
from local_aws.iam.patterns import like
from local_aws.iam.principals import role_session

LAMBDA = "lambda.amazonaws.com"


def check_assumable(role_arn: str) -> None:
    """Raise ApiError unless the role exists and trusts Lambda."""
    _, partition, _, _, account, _ = role_arn.split(":", 5)
    try:
        role = iam_backends[account][partition].get_role_by_arn(role_arn)
        trusted = _trusts_lambda(json.loads(role.assume_role_policy_document))
    except (NotFoundException, ValueError):
        trusted = False
    if not trusted:
        raise invalid_parameter("The role defined for the function cannot be assumed by Lambda.")


def may(role_arn: str, session: str, call: ApiCall, region: str) -> bool:
    """Whether a role, in a session of this name, may make a call: Lambda asks before it makes one in its name."""
    return denial(role_session(role_arn, session), call, region) is None


def sending(arn: str, event: str = "") -> ApiCall | None:
    """Return the call that sends an event to a queue, topic, function or event bus; None for any other ARN."""
    service = arn.split(":")[2] if arn.count(":") >= 5 else ""
    name = arn.rpartition(":")[2]
    match service:
        case "sqs":
            return ApiCall("sqs", "SendMessage", {"QueueUrl": name, "MessageBody": event})
        case "sns":
            return ApiCall("sns", "Publish", {"TopicArn": arn, "Message": event})
        case "lambda":
            return ApiCall("lambda", "Invoke", {"FunctionName": arn})
        case "events":
            return ApiCall("events", "PutEvents", {"Entries": [{"EventBusName": arn}]})
    return None


def _trusts_lambda(document: Mapping[str, Any]) -> bool:
    statements = document.get("Statement", [])
    statements = statements if isinstance(statements, list) else [statements]
    return any(_lets_lambda_assume(statement) for statement in statements)


def _lets_lambda_assume(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal", {})
    services = principal.get("Service", []) if isinstance(principal, Mapping) else principal
    return (
        statement.get("Effect") == "Allow"
        and any(service in ("*", LAMBDA) for service in _several(services))
        and any(
            like(action.lower(), "sts:assumerole") for action in _several(statement.get("Action"))
        )
    )


def _several(value: Any) -> list[str]:
    return value if isinstance(value, list) else [str(value)]
