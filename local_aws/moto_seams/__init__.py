"""Every patch of moto, a file for each of its services.

Each file says what moto gets wrong, in which version, and which test fails without the patch: when moto is updated, try
without it first.
"""

from local_aws.functions.executor import Executor
from local_aws.moto_seams import awslambda, cloudwatch, core, dynamodb, logs


def install(executor: Executor) -> None:
    """Patch moto; functions run on `executor`. Once in a process: moto's services are global."""
    core.install()
    awslambda.install(executor)
    cloudwatch.install()
    logs.install()
    dynamodb.install()
