"""All patches of moto, one file per service.

Each file says what moto lacks or gets wrong, in which version, and which test fails without the patch. When you update
moto, first check whether the patch is still needed.
"""

from local_aws.access.gateway.lambda_integration import invoker
from local_aws.access.gateway.listeners import Listeners
from local_aws.functions import alarm_action
from local_aws.functions.api.store import Stores
from local_aws.functions.executor import Executor
from local_aws.functions.resource_policies import permits_arn
from local_aws.moto_seams import (
    apigatewayv2,
    awslambda,
    cloudwatch,
    cognitoidp,
    core,
    dynamodb,
    events,
    iam,
    logs,
    s3,
    sns,
    sqs,
    sts,
)


def install(executor: Executor, stores: Stores) -> Listeners:
    """Patch moto; the functions in `stores` run on `executor`. Call it once per process: moto's services are global.

    Returns the listeners of HTTP APIs, which the caller must close.
    """
    core.install()
    awslambda.install(executor, stores)
    cloudwatch.install(alarm_action.invoker(executor, stores))
    logs.install(lambda function, group: permits_arn(stores, function, "logs.amazonaws.com", group))
    dynamodb.install()
    events.install(executor, stores)
    s3.install(lambda function, bucket: permits_arn(stores, function, "s3.amazonaws.com", bucket))
    sns.install(executor, stores)
    sqs.install()
    iam.install()
    sts.install()
    cognitoidp.install()
    return apigatewayv2.install(invoker(executor, stores))
