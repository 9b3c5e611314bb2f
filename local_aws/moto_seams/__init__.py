"""Every patch of moto, one file per service.

Each file says what moto gets wrong, in which version, and which test fails without the patch. When you update moto,
try without the patch first.
"""

from local_aws.functions.api.store import Stores
from local_aws.functions.executor import Executor
from local_aws.moto_seams import awslambda, cloudwatch, core, dynamodb, iam, logs, sts


def install(executor: Executor, stores: Stores) -> None:
    """Patch moto; the functions in `stores` run on `executor`. Call it once per process: moto's services are global."""
    core.install()
    awslambda.install(executor, stores)
    cloudwatch.install()
    logs.install()
    dynamodb.install()
    iam.install()
    sts.install()
