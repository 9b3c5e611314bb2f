"""Calls the Lambda functions that an API's integrations name, if their own policies let API Gateway in."""

import json
from typing import Any

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.utils import get_backend

from local_aws.access.gateway.application import IntegrationError, Invoke
from local_aws.functions.environment import EnvironmentStartError
from local_aws.functions.executor import Executor
from local_aws.functions.pool import ThrottledError
from local_aws.functions.unpack import BadZipError
from local_aws.iam.principal_element import Caller, Named
from local_aws.iam.resource_policy import ResourcePolicy, allows
from local_aws.iam.statements import Access

API_GATEWAY = "apigateway.amazonaws.com"
INVOKE = "lambda:InvokeFunction"


def invoker(executor: Executor) -> Invoke:
    """Return what calls a function, by its ARN, for the ARN of a route."""

    def invoke(function_arn: str, source_arn: str, event: bytes) -> bytes:
        _, _, _, region, account, _, name, *qualifier = function_arn.split(":")
        try:
            function = get_backend(account, region).get_function(name, *qualifier)
        except UnknownFunctionException as error:
            raise IntegrationError(error.message) from error
        if not _permits(function, source_arn):
            raise IntegrationError("Invalid permissions on Lambda function")
        try:
            execution = executor.run(function.as_version(*qualifier), event)
        except (ThrottledError, EnvironmentStartError, BadZipError, OSError) as error:
            raise IntegrationError(str(error)) from error
        if execution.reply.status != "success":
            raise IntegrationError("The Lambda function failed; its log says why.")
        return execution.reply.payload

    return invoke


def _permits(function: Any, source_arn: str) -> bool:
    """Whether the function's policy lets API Gateway call it for this route."""
    account = function.account_id
    policy = ResourcePolicy(json.dumps({"Statement": function.policy.statements}), account)
    gateway = Caller(arn=API_GATEWAY, account=account, service=API_GATEWAY)
    context = {"aws:sourcearn": source_arn, "aws:sourceaccount": account}
    access = Access(INVOKE, function.function_arn, context)
    return allows(policy, gateway, access) > Named.NOT
