"""Decides who may invoke a function by its URL, after "Control access to Lambda function URLs"."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.core.request import Request as HttpRequest
from moto.utilities.utils import get_partition

from local_aws.functions.api.call import Reference
from local_aws.functions.api.store import FunctionUrl, Store
from local_aws.functions.resource_policies import permits_url
from local_aws.iam import signature
from local_aws.iam.api_call import ApiCall
from local_aws.iam.authorization import denial
from local_aws.iam.middleware import verified
from local_aws.iam.refusals import Refusal


@dataclass(frozen=True)
class Target:
    """The function or alias that a URL invokes."""

    store: Store
    reference: Reference
    url: FunctionUrl


@dataclass(frozen=True)
class Caller:
    """Who invokes a function: the account, and who signed the request as events describe it; None without AWS_IAM."""

    account: str
    authorizer: Mapping[str, Any] | None = None


def permitted_caller(request: HttpRequest, target: Target) -> Caller | None:
    """Return who sends the request; None if the URL's auth type, or a policy, does not let them."""
    if target.url.auth_type == "NONE":
        permitted = permits_url(target.store, target.reference)
        return Caller("anonymous") if permitted else None
    return _signer(request, target)


def _signer(request: HttpRequest, target: Target) -> Caller | None:
    claim = signature.read(request.environ)
    # "Credential should be scoped to correct service", and region.
    if claim is None or (claim.service, claim.region) != ("lambda", target.store.region):
        return None
    account = target.store.account
    key = verified(claim, request)
    if key is None:
        root = f"arn:{get_partition(target.store.region)}:iam::{account}:root"
        return Caller(account, _authorizer(claim.access_key_id, account, account, root))
    if isinstance(key, Refusal):
        return None
    arn = target.store.function_arn(target.reference.name, target.reference.qualifier)
    call = ApiCall("lambda", "Invoke", {"FunctionName": arn, "FunctionUrlAuthType": "AWS_IAM"})
    if denial(key.principal, call, target.store.region) is not None:
        return None
    principal = key.principal
    user_id = str(principal.context.get("aws:userid") or "")
    authorizer = _authorizer(claim.access_key_id, principal.account, user_id, principal.arn)
    return Caller(account, authorizer)


def _authorizer(access_key: str, account: str, user_id: str, arn: str) -> Mapping[str, Any]:
    return {
        "iam": {
            "accessKey": access_key,
            "accountId": account,
            "callerId": user_id,
            "cognitoIdentity": None,
            "principalOrgId": None,
            "userArn": arn,
            "userId": user_id,
        }
    }
