"""The resource-based policies of functions: for services and function URLs that invoke them, and for IAM."""

import json
from collections.abc import Mapping

from local_aws import function_name
from local_aws.functions.api.call import Reference
from local_aws.functions.api.store import LATEST, Store, Stores
from local_aws.iam.principal_element import Caller, Named
from local_aws.iam.resource_arns import Place
from local_aws.iam.resource_policies import Provider
from local_aws.iam.resource_policy import ResourcePolicy, allows
from local_aws.iam.statements import Access

# What a request to a function URL of auth type NONE must be allowed, and the condition keys that it then has.
_URL_ACTIONS: Mapping[str, Mapping[str, str]] = {
    "lambda:InvokeFunctionUrl": {"lambda:functionurlauthtype": "NONE"},
    "lambda:InvokeFunction": {"lambda:invokedviafunctionurl": "true"},
}


def permits_url(store: Store, reference: Reference) -> bool:
    """Whether the policy of what the reference names lets anyone invoke it by its function URL of auth type NONE.

    "Control access to Lambda function URLs": since October 2025 it must allow both actions.
    """
    anyone = Caller(arn="anonymous", account="anonymous")
    return all(
        _allows(store, reference, anyone, action, keys) for action, keys in _URL_ACTIONS.items()
    )


def permits(store: Store, reference: Reference, service: str, source_arn: str) -> bool:
    """Whether the policy of what the reference names lets a service, such as sns.amazonaws.com, in for this source."""
    caller = Caller(arn=service, account=store.account, service=service)
    context = {"aws:sourcearn": source_arn, "aws:sourceaccount": store.account}
    return _allows(store, reference, caller, "lambda:InvokeFunction", context)


def permits_arn(stores: Stores, function_arn: str, service: str, source_arn: str) -> bool:
    """Whether a function, by its ARN, exists and lets a service in for this source."""
    asked = function_name.parse(function_arn)
    if asked is None or asked.account is None or asked.region is None:
        return False
    store = stores.of(asked.account, asked.region)
    return permits(store, Reference(asked.name, asked.qualifier), service, source_arn)


def _allows(
    store: Store, reference: Reference, caller: Caller, action: str, context: Mapping[str, str]
) -> bool:
    policy = ResourcePolicy(_document(store, reference) or '{"Statement": []}', store.account)
    arn = store.function_arn(reference.name, reference.qualifier)
    return allows(policy, caller, Access(action, arn, context)) > Named.NOT


def provider(stores: Stores) -> Provider:
    """Return what gives IAM the policy of a function, by its ARN."""

    def policy(arn: str, _: Place) -> str | None:
        asked = function_name.parse(arn)
        if asked is None or asked.account is None or asked.region is None:
            return None
        store = stores.of(asked.account, asked.region)
        return _document(store, Reference(asked.name, asked.qualifier))

    return policy


def _document(store: Store, reference: Reference) -> str | None:
    function = store.functions.get(reference.name)
    statements = function.policies.get(reference.qualifier or LATEST) if function else None
    if not statements:
        return None
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
