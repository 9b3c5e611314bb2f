"""Decides whether a principal may make an API call, with AWS's message if it may not."""

import functools
from collections.abc import Callable, Mapping

from moto.utilities.utils import get_partition

from local_aws.arns import Arn
from local_aws.iam import call_keys, permissions, resource_policies, resource_tags
from local_aws.iam.api_call import ApiCall
from local_aws.iam.context import Value
from local_aws.iam.permissions import Permission
from local_aws.iam.policy import Target, decide
from local_aws.iam.principals import Principal
from local_aws.iam.protected import is_protected
from local_aws.iam.request_context import RequestContext
from local_aws.iam.resource_arns import Place
from local_aws.iam.statements import Access
from local_aws.loopback import LOOPBACK


def denial(
    principal: Principal, call: ApiCall, region: str, source_ip: str = LOOPBACK
) -> str | None:
    """Return AWS's message about why the principal may not make the call; None if it may.

    The wording follows "Troubleshoot access denied error messages" in the IAM guide.
    """
    place = _place(principal, region)
    request = functools.partial(_request_keys, call, region, source_ip)
    for permission in permissions.needed(call, place):
        context = _context(principal, request, call, permission, place)
        access = Access(permission.action, permission.resource, context, guessed=permission.guessed)
        policy = resource_policies.of(permission.action, permission.resource, place)
        target = Target(policy, principal.caller) if policy else None
        decision = decide(principal.policies, access, target)
        if not decision.allowed:
            return _message(principal.arn, permission, decision.reason)
    return None


def protection(call: ApiCall, region: str, account: str) -> str | None:
    """Return AWS's message about why not even the administrator may make the call; None if they may."""
    partition = get_partition(region)
    for permission in permissions.needed(call, Place(partition, region, account)):
        if is_protected(permission.action, permission.resource):
            root = f"arn:{partition}:iam::{account}:root"
            return _message(root, permission, "because only AWS itself can change it")
    return None


def _message(arn: str, permission: Permission, reason: str) -> str:
    return (
        f"User: {arn} is not authorized to perform: {permission.action} "
        f"on resource: {permission.resource} {reason}"
    )


def _place(principal: Principal, region: str) -> Place:
    partition = Arn.of(principal.arn).partition
    user = principal.arn if principal.caller.role_arn is None else None
    return Place(partition, region, principal.account, user)


def _request_keys(call: ApiCall, region: str, source_ip: str) -> Mapping[str, Value | None]:
    return {
        "aws:referer": call.headers.get("Referer"),
        "aws:requestedregion": region,
        # The local endpoint stands for those of AWS, which SDKs reach over TLS.
        "aws:securetransport": "true",
        "aws:sourceip": source_ip,
        "aws:useragent": call.headers.get("User-Agent"),
        "aws:viaawsservice": "false",
        "aws:principalisawsservice": "false",
    }


def _context(
    principal: Principal,
    request: Callable[[], Mapping[str, Value | None]],
    call: ApiCall,
    permission: Permission,
    place: Place,
) -> RequestContext:
    need = permission.need
    return RequestContext(
        principal=lambda: principal.context,
        request=request,
        account=resource_tags.account_of(permission.resource) or principal.account,
        call=lambda key: call_keys.value(key, call, need, place) if need else None,
        tags=functools.partial(resource_tags.tags, permission.resource, place),
    )
