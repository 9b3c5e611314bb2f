"""Invokes the Lambda functions that are actions of CloudWatch alarms."""

from functools import partial

from local_aws.cloudwatch.alarm_actions import ActionError, Invoke
from local_aws.functions.api.function_arns import find_by_arn
from local_aws.functions.api.store import Stores
from local_aws.functions.executor import Executor
from local_aws.functions.resource_policies import permits
from local_aws.functions.runnable import runnable

ALARMS = "lambda.alarms.cloudwatch.amazonaws.com"


def invoker(executor: Executor, stores: Stores) -> Invoke:
    """Return the function with which alarms invoke functions asynchronously, if these permit it."""

    def invoke(function_arn: str, alarm_arn: str, event: bytes) -> None:
        named = find_by_arn(stores, function_arn)
        if named is None:
            raise ActionError(f"{function_arn} is not the ARN of a function.")
        store, reference = named
        if not permits(store, reference, ALARMS, alarm_arn):
            raise ActionError(
                f"CloudWatch Alarms is not authorized to perform: lambda:InvokeFunction on {function_arn}: "
                f"add a permission for {ALARMS}."
            )
        executor.enqueue(partial(runnable, store, reference), event)

    return invoke
