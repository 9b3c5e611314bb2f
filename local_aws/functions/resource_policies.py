"""What the resource-based policies of functions permit services and function URLs to do."""

import json
from collections.abc import Mapping

from local_aws.functions.api.call import Reference
from local_aws.functions.api.function_arns import find_by_arn
from local_aws.functions.api.store import LATEST, Store, Stores
from local_aws.iam.principal_element import Caller, Named
from local_aws.iam.resource_arns import Place
from local_aws.iam.resource_policies import NOBODY, Provider
from local_aws.iam.resource_policy import ResourcePolicy, allows
from local_aws.iam.statements import Access

# The actions of a request to a function URL of auth type NONE, each with the condition keys of the request.
_URL_ACTIONS: Mapping[str, Mapping[str, str]] = {
    "lambda:InvokeFunctionUrl": {"lambda:functionurlauthtype": "NONE"},
    "lambda:InvokeFunction": {"lambda:invokedviafunctionurl": "true"},
}


def permits_url(store: Store, reference: Reference) -> bool:
    """Whether a function's policy lets anyone invoke it by its function URL of auth type NONE.

    Since October 2025 it must allow two actions: "Control access to Lambda function URLs".
    """
    anyone = Caller(arn="anonymous", account="anonymous")
    return all(
        _allows(store, reference, anyone, action, keys) for action, keys in _URL_ACTIONS.items()
    )


def permits(store: Store, reference: Reference, service: str, source_arn: str) -> bool:
    """Whether a function's policy lets a service, such as sns.amazonaws.com, invoke it for this source."""
    caller = Caller(arn=service, account=store.account, service=service)
    context = {"aws:sourcearn": source_arn, "aws:sourceaccount": store.account}
    return _allows(store, reference, caller, "lambda:InvokeFunction", context)


def permits_arn(stores: Stores, function_arn: str, service: str, source_arn: str) -> bool:
    """Whether there is a function with this ARN whose policy lets a service invoke it for this source."""
    named = find_by_arn(stores, function_arn)
    return named is not None and permits(*named, service, source_arn)


def _allows(
    store: Store, reference: Reference, caller: Caller, action: str, context: Mapping[str, str]
) -> bool:
    policy = ResourcePolicy(_document(store, reference) or NOBODY, store.account)
    arn = store.function_arn(reference.name, reference.qualifier)
    return allows(policy, caller, Access(action, arn, context)) > Named.NOT


def provider(stores: Stores) -> Provider:
    """Return the function with which IAM gets the policy of a function, by its ARN."""

    def policy(arn: str, _: Place) -> str | None:
        named = find_by_arn(stores, arn)
        return _document(*named) if named else None

    return policy


def _document(store: Store, reference: Reference) -> str | None:
    function = store.functions.get(reference.name)
    statements = function.policies.get(reference.qualifier or LATEST) if function else None
    if not statements:
        return None
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
