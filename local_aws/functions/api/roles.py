"""Checks whether Lambda may assume a function's role, and whether the role has a permission."""

from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends

from local_aws.arns import Arn, parse_arn
from local_aws.functions.api.errors import invalid_parameter
from local_aws.iam.api_call import ApiCall
from local_aws.iam.authorization import denial
from local_aws.iam.principal_element import Caller, Named
from local_aws.iam.principals import role_session
from local_aws.iam.resource_policy import ResourcePolicy, allows, denies
from local_aws.iam.statements import Access
from local_aws.iam.undecided import UndecidedError

LAMBDA = "lambda.amazonaws.com"


def check_assumable(role_arn: str, function_arn: str) -> None:
    """Raise ApiError unless the role exists and its trust policy allows Lambda to assume it for the function."""
    arn = Arn.of(role_arn)
    try:
        role = iam_backends[arn.account][arn.partition].get_role_by_arn(role_arn)
        trusted = _trusts_lambda(role.assume_role_policy_document, role_arn, function_arn)
    except (NotFoundException, UndecidedError):
        trusted = False
    if not trusted:
        raise invalid_parameter("The role defined for the function cannot be assumed by Lambda.")


def may(role_arn: str, session: str, call: ApiCall, region: str) -> bool:
    """Whether a session of a role may make a call; Lambda checks this before it makes calls on behalf of a role."""
    return denial(role_session(role_arn, session), call, region) is None


def sending(arn: str, event: str = "") -> ApiCall | None:
    """Return the call that sends an event to a queue, topic, function or event bus; None for any other ARN.

    "Capturing records of Lambda asynchronous invocations": FIFO queues and FIFO topics are not supported.
    """
    destination = parse_arn(arn)
    service = destination.service if destination else ""
    name = arn.rpartition(":")[2]
    if service in ("sqs", "sns") and name.endswith(".fifo"):
        return None
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


def _trusts_lambda(document: str, role_arn: str, function_arn: str) -> bool:
    """Whether a trust policy allows Lambda to assume the role. Raises UndecidedError."""
    account = Arn.of(role_arn).account
    caller = Caller(arn=LAMBDA, account=account, service=LAMBDA)
    context = {
        "aws:principalisawsservice": "true",
        "aws:principalservicename": LAMBDA,
        "aws:sourceaccount": account,
        "aws:sourcearn": function_arn,
    }
    access = Access("sts:AssumeRole", role_arn, context)
    policy = ResourcePolicy(document, account, decides=True)
    return allows(policy, caller, access) > Named.NOT and not denies(
        policy, caller, access, has_boundary=False
    )
