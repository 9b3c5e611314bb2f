"""Calls the Lambda functions that an API's integrations name, if their own policies let API Gateway in."""

from local_aws.access.gateway.application import IntegrationError, Invoke
from local_aws.functions.api.call import Reference
from local_aws.functions.api.errors import ApiError
from local_aws.functions.api.store import Stores
from local_aws.functions.environment import EnvironmentStartError
from local_aws.functions.executor import Executor
from local_aws.functions.pool import ThrottledError
from local_aws.functions.resource_policies import permits
from local_aws.functions.runnable import runnable
from local_aws.functions.unpack import BadZipError

API_GATEWAY = "apigateway.amazonaws.com"


def invoker(executor: Executor, stores: Stores) -> Invoke:
    """Return what calls a function, by its ARN, for the ARN of a route."""

    def invoke(function_arn: str, source_arn: str, event: bytes) -> bytes:
        _, _, _, region, account, _, name, *qualifier = function_arn.split(":")
        store = stores.of(account, region)
        reference = Reference(name, qualifier[0] if qualifier else None)
        try:
            function = runnable(store, reference)
        except ApiError as error:
            raise IntegrationError(str(error)) from error
        if not permits(store, reference, API_GATEWAY, source_arn):
            raise IntegrationError("Invalid permissions on Lambda function")
        try:
            execution = executor.run(function, event)
        # Throttled too: API Gateway then answers an internal server error, says AWS's knowledge center in "How do I
        # troubleshoot issues for API Gateway endpoints that integrate with Lambda?".
        except (ThrottledError, EnvironmentStartError, BadZipError, OSError) as error:
            raise IntegrationError(str(error)) from error
        if execution.reply.status != "success":
            raise IntegrationError("The Lambda function failed; its log says why.", ran=True)
        return execution.reply.payload

    return invoke
