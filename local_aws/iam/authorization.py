"""Whether a principal may make an API call and, if not, AWS's sentence about it."""

import functools
from collections.abc import Callable, Mapping

from moto.utilities.utils import get_partition

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

LOOPBACK = "127.0.0.1"


def denial(
    principal: Principal, call: ApiCall, region: str, source_ip: str = LOOPBACK
) -> str | None:
    """Return why the principal may not make the call, worded as "Troubleshoot access denied error messages" has it.

    None: it may.
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
            return (
                f"User: {principal.arn} is not authorized to perform: {permission.action} "
                f"on resource: {permission.resource} {decision.reason}"
            )
    return None


def protection(call: ApiCall, region: str, account: str) -> str | None:
    """Return why not even the administrator of an account may make the call; None: it may."""
    partition = get_partition(region)
    for permission in permissions.needed(call, Place(partition, region, account)):
        if is_protected(permission.action, permission.resource):
            return (
                f"User: arn:{partition}:iam::{account}:root is not authorized to perform: {permission.action} "
                f"on resource: {permission.resource} because only AWS itself can change it"
            )
    return None


def _place(principal: Principal, region: str) -> Place:
    partition = principal.arn.split(":")[1]
    user = principal.arn if principal.caller.role_arn is None else None
    return Place(partition, region, principal.account, user)


def _request_keys(call: ApiCall, region: str, source_ip: str) -> Mapping[str, Value | None]:
    return {
        "aws:referer": call.headers.get("Referer"),
        "aws:requestedregion": region,
        # Loopback stands for AWS's own endpoints, which the SDKs reach over TLS.
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
