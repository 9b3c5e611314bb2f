"""Whether the resource-based policy of a function lets another AWS service, or anyone by a function URL, invoke it."""

import json
from collections.abc import Mapping

from local_aws.functions.api.call import Reference
from local_aws.functions.api.store import LATEST, Store
from local_aws.iam.principal_element import Caller, Named
from local_aws.iam.resource_policy import ResourcePolicy, allows
from local_aws.iam.statements import Access


def permits_url(store: Store, reference: Reference) -> bool:
    """Whether the policy of what the reference names lets anyone invoke it by its function URL of auth type NONE."""
    anyone = Caller(arn="anonymous", account="anonymous")
    context = {"lambda:functionurlauthtype": "NONE", "lambda:invokedviafunctionurl": "true"}
    return _allows(store, reference, anyone, "lambda:InvokeFunctionUrl", context)


def permits(store: Store, reference: Reference, service: str, source_arn: str) -> bool:
    """Whether the policy of what the reference names lets a service, such as sns.amazonaws.com, in for this source."""
    caller = Caller(arn=service, account=store.account, service=service)
    context = {"aws:sourcearn": source_arn, "aws:sourceaccount": store.account}
    return _allows(store, reference, caller, "lambda:InvokeFunction", context)


def _allows(
    store: Store, reference: Reference, caller: Caller, action: str, context: Mapping[str, str]
) -> bool:
    function = store.functions.get(reference.name)
    statements = function.policies.get(reference.qualifier or LATEST, []) if function else []
    policy = ResourcePolicy(json.dumps({"Statement": statements}), store.account)
    arn = store.function_arn(reference.name, reference.qualifier)
    return allows(policy, caller, Access(action, arn, context)) > Named.NOT
