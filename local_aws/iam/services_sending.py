"""Whether a service may send to a queue or a topic: the policy of that must allow it for the source.

"Subscribe an Amazon SQS queue to an Amazon SNS topic", "Using resource-based policies for Amazon EventBridge" and
"Granting permissions to publish event notification messages to a destination" (S3).
"""

from local_aws.arns import Arn
from local_aws.iam import resource_policies
from local_aws.iam.policy import Target, decide
from local_aws.iam.principal_element import Caller
from local_aws.iam.resource_arns import Place
from local_aws.iam.statements import Access

_ACTIONS = {"sqs": "sqs:SendMessage", "sns": "sns:Publish"}


def may_send(service: str, source_arn: str, account: str, destination_arn: str) -> bool:
    """Whether a service, such as sns.amazonaws.com, may send to a queue or a topic for a source in this account."""
    destination = Arn.of(destination_arn)
    action = _ACTIONS[destination.service]
    place = Place(destination.partition, destination.region, account)
    policy = resource_policies.of(action, destination_arn, place)
    if policy is None:
        return False
    caller = Caller(arn=service, account=account, service=service)
    context = {"aws:sourcearn": source_arn, "aws:sourceaccount": account}
    access = Access(action, destination_arn, context)
    return decide((), access, Target(policy, caller)).allowed
