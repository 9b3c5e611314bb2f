"""Whether the resource-based policy of a function lets another AWS service invoke it."""

import json

from local_aws.functions.api.call import Reference
from local_aws.functions.api.store import LATEST, Store
from local_aws.iam.principal_element import Caller, Named
from local_aws.iam.resource_policy import ResourcePolicy, allows
from local_aws.iam.statements import Access


def permits(store: Store, reference: Reference, service: str, source_arn: str) -> bool:
    """Whether the policy of what the reference names lets a service, such as sns.amazonaws.com, in for this source."""
    function = store.functions.get(reference.name)
    statements = function.policies.get(reference.qualifier or LATEST, []) if function else []
    policy = ResourcePolicy(json.dumps({"Statement": statements}), store.account)
    caller = Caller(arn=service, account=store.account, service=service)
    context = {"aws:sourcearn": source_arn, "aws:sourceaccount": store.account}
    arn = store.function_arn(reference.name, reference.qualifier)
    access = Access("lambda:InvokeFunction", arn, context)
    return allows(policy, caller, access) > Named.NOT
