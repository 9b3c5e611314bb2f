"""Every patch of moto, one file per service.

Each file says what moto gets wrong, in which version, and which test fails without the patch. When you update moto,
try without the patch first.
"""

from local_aws.access.gateway.doors import Doors
from local_aws.access.gateway.lambda_integration import invoker
from local_aws.functions.executor import Executor
from local_aws.moto_seams import (
    apigatewayv2,
    awslambda,
    cloudwatch,
    cognitoidp,
    core,
    dynamodb,
    iam,
    logs,
    sts,
)


def install(executor: Executor) -> Doors:
    """Patch moto; functions run on `executor`. Returns the doors of HTTP APIs, which must be closed in the end.

    Call it once per process: moto's services are global.
    """
    core.install()
    awslambda.install(executor)
    cloudwatch.install()
    logs.install()
    dynamodb.install()
    iam.install()
    sts.install()
    cognitoidp.install()
    return apigatewayv2.install(invoker(executor))
