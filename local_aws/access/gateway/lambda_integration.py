"""Calls the Lambda functions of an API's integrations, if their resource-based policies allow API Gateway to."""

from local_aws.access.gateway.integrations import IntegrationError, Invoke
from local_aws.functions.api.errors import ApiError
from local_aws.functions.api.function_arns import find_by_arn
from local_aws.functions.api.store import Stores
from local_aws.functions.environment import EnvironmentStartError
from local_aws.functions.executor import Executor
from local_aws.functions.pool import ThrottledError
from local_aws.functions.resource_policies import permits
from local_aws.functions.runnable import runnable
from local_aws.functions.unpack import BadZipError

API_GATEWAY = "apigateway.amazonaws.com"


def invoker(executor: Executor, stores: Stores) -> Invoke:
    """Return the function with which integrations invoke functions."""

    def invoke(function_arn: str, source_arn: str, event: bytes) -> bytes:
        named = find_by_arn(stores, function_arn)
        if named is None:
            raise IntegrationError(f"{function_arn} is not the ARN of a Lambda function")
        store, reference = named
        try:
            function = runnable(store, reference)
        except ApiError as error:
            raise IntegrationError(str(error)) from error
        if not permits(store, reference, API_GATEWAY, source_arn):
            raise IntegrationError("Invalid permissions on Lambda function")
        try:
            execution = executor.run(function, event)
        # Throttling is an internal server error too: "How do I troubleshoot issues for API Gateway endpoints that
        # integrate with Lambda?" in AWS's knowledge center.
        except (ThrottledError, EnvironmentStartError, BadZipError, OSError) as error:
            raise IntegrationError(str(error)) from error
        if execution.reply.status != "success":
            raise IntegrationError("The Lambda function failed; its log says why.", ran=True)
        return execution.reply.payload

    return invoke
