"""Whether a principal may make an API call and, if not, AWS's sentence about it."""

from local_aws.iam import permissions
from local_aws.iam.api_call import ApiCall
from local_aws.iam.policy import decide
from local_aws.iam.principals import Principal
from local_aws.iam.request_context import RequestContext
from local_aws.iam.statements import Access


def denial(principal: Principal, call: ApiCall, region: str) -> str | None:
    """Return why the principal may not make the call, worded as "Troubleshoot access denied error messages" has it.

    None: it may.
    """
    partition = principal.arn.split(":")[1]
    needed = permissions.needed(call, partition, region, principal.account)
    if not needed:
        return (
            f"User: {principal.arn} is not authorized to perform: {call.service}:{call.operation} "
            "because the local AWS cannot tell what resources it is for"
        )
    context = RequestContext(
        {
            **principal.context,
            "aws:requestedregion": region,
            # Loopback stands for AWS's own endpoints, which the SDKs reach over TLS.
            "aws:securetransport": "true",
        }
    )
    for permission in needed:
        decision = decide(
            principal.policies, Access(permission.action, permission.resource, context)
        )
        if not decision.allowed:
            return (
                f"User: {principal.arn} is not authorized to perform: {permission.action} "
                f"on resource: {permission.resource} {decision.reason}"
            )
    return None
