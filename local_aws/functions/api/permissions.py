"""The resource-based policies of functions, versions and aliases."""

import re
from typing import Any

from moto.iam.models import iam_backends
from moto.utilities.utils import get_partition

from local_aws.arns import Arn
from local_aws.functions.api.call import Call, Reference, Result
from local_aws.functions.api.errors import (
    ApiError,
    invalid_parameter,
    no_such_resource,
    not_found,
    stale_revision,
)
from local_aws.functions.api.policy_statements import (
    account_root,
    no_policy,
    no_such_statement,
    policy_json,
    statement_exists,
    statement_json,
)
from local_aws.functions.api.store import LATEST, Alias, Function, Store
from local_aws.functions.api.version import Version

# "Lambda quotas": a function's resource-based policy has at most 20 KB.
POLICY_LIMIT = 20_480


def add_permission(call: Call) -> Result:
    """Add a statement to the policy of a function, a version or an alias."""
    reference = call.reference()
    if reference.qualifier == LATEST:
        raise invalid_parameter("We currently do not support adding policies for $LATEST.")
    function = call.function(reference)
    revised = _revised(call, function, reference)
    _check_revision(call, revised)
    policy = function.policies.get(reference.qualifier or LATEST, [])
    if call.get("FunctionUrlAuthType") and call.get("Action") != "lambda:InvokeFunctionUrl":
        raise invalid_parameter(
            "FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action"
        )
    sid = call.get("StatementId")
    if any(statement["Sid"] == sid for statement in policy):
        raise statement_exists(sid)
    statement = _statement(call, call.arn(reference))
    size = len(policy_json([*policy, statement]))
    if size > POLICY_LIMIT:
        raise ApiError(
            "PolicyLengthExceededException",
            f"The final policy size ({size}) is bigger than the limit ({POLICY_LIMIT}).",
        )
    function.policies[reference.qualifier or LATEST] = [*policy, statement]
    revised.revise()
    return {"Statement": statement_json(statement)}


def remove_permission(call: Call) -> Result:
    """Remove a statement."""
    reference = call.reference()
    function = call.store.functions.get(reference.name)
    if function is None:
        raise not_found(f"No policy found for: {call.store.function_arn(reference.name)}")
    revised = _revised(call, function, reference)
    key = reference.qualifier or LATEST
    policy = function.policies.get(key)
    if not policy:
        raise no_policy()
    sid = call.get("StatementId")
    rest = [statement for statement in policy if statement["Sid"] != sid]
    if len(rest) == len(policy):
        raise no_such_statement(sid)
    _check_revision(call, revised)
    function.policies[key] = rest
    revised.revise()
    return None


def get_policy(call: Call) -> Result:
    """Return a policy in JSON, with the revision of its version or alias."""
    reference = call.reference()
    function = call.function(reference)
    policy = function.policies.get(reference.qualifier or LATEST)
    revised = function.revised(reference.qualifier)
    if not policy or revised is None:
        raise no_such_resource()
    return {"Policy": policy_json(policy), "RevisionId": revised.revision}


def _revised(call: Call, function: Function, reference: Reference) -> Version | Alias:
    """Return the version or alias of a reference; raises ApiError if it does not exist."""
    revised = function.revised(reference.qualifier)
    if revised is None:
        raise call.qualifier_not_found(reference)
    return revised


def _check_revision(call: Call, revised: Version | Alias) -> None:
    if call.get("RevisionId") not in (None, revised.revision):
        raise stale_revision("GetPolicy")


def _statement(call: Call, arn: str) -> dict[str, Any]:
    statement = {
        "Sid": call.get("StatementId"),
        "Effect": "Allow",
        "Principal": _principal(call.get("Principal"), call.store),
        "Action": call.get("Action"),
        "Resource": arn,
    }
    conditions = {
        operator: values
        for operator, values in (
            ("StringEquals", _string_conditions(call)),
            ("Bool", _bool_conditions(call)),
            ("ArnLike", _given({"AWS:SourceArn": call.get("SourceArn")})),
        )
        if values
    }
    return {**statement, "Condition": conditions} if conditions else statement


def _string_conditions(call: Call) -> dict[str, str]:
    return _given(
        {
            "lambda:FunctionUrlAuthType": call.get("FunctionUrlAuthType"),
            "aws:PrincipalOrgID": call.get("PrincipalOrgID"),
            "AWS:SourceAccount": call.get("SourceAccount"),
            "lambda:EventSourceToken": call.get("EventSourceToken"),
        }
    )


def _bool_conditions(call: Call) -> dict[str, str]:
    via_url = call.get("InvokedViaFunctionUrl")
    return {} if via_url is None else {"lambda:InvokedViaFunctionUrl": str(via_url).lower()}


def _given(values: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}


def _principal(principal: str, store: Store) -> str | dict[str, str]:
    """Return a principal as IAM writes it: a service, an account, an ARN, or everyone."""
    if principal == "*":
        return principal
    # Alexa's two services are not below amazonaws.com.
    if re.fullmatch(r"[a-z0-9.-]+\.(amazonaws|amazon)\.com(\.[a-z]+)?", principal):
        return {"Service": principal}
    if re.fullmatch(r"\d{12}", principal):
        return account_root(principal, get_partition(store.region))
    if re.fullmatch(r"arn:aws[a-z-]*:(iam|sts)::\d{12}:.+", principal) and _exists(
        principal, store
    ):
        return {"AWS": principal}
    raise invalid_parameter(
        "The provided principal was invalid. Please check the principal and try again."
    )


def _exists(arn: str, store: Store) -> bool:
    """Whether a role or a user exists, in the function's account; other accounts are not checked."""
    partition, _, _, account, resource = Arn.of(arn)
    kind = resource.partition("/")[0]
    if account != store.account or kind not in ("role", "user"):
        return True
    iam = iam_backends[account][partition]
    existing = iam.roles if kind == "role" else iam.users
    return any(each.arn == arn for each in list(existing.values()))
