"""The resource-based policy of a function, and of each of its versions and aliases."""

import json
import re
from typing import Any

from moto.iam.models import iam_backends
from moto.utilities.utils import get_partition

from local_aws.functions.api.call import Call, Reference, Result
from local_aws.functions.api.errors import (
    ApiError,
    conflict,
    invalid_parameter,
    no_such_resource,
    not_found,
    stale_revision,
)
from local_aws.functions.api.store import LATEST, Function, Store

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
        raise conflict(
            f"The statement id ({sid}) provided already exists. "
            "Please provide a new statement id, or remove the existing statement."
        )
    statement = _statement(call, call.arn(reference))
    size = len(_document([*policy, statement]))
    if size > POLICY_LIMIT:
        raise ApiError(
            "PolicyLengthExceededException",
            f"The final policy size ({size}) is bigger than the limit ({POLICY_LIMIT}).",
        )
    function.policies[reference.qualifier or LATEST] = [*policy, statement]
    revised.revise()
    return {"Statement": json.dumps(statement, separators=(",", ":"))}


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
        raise not_found("No policy is associated with the given resource.")
    sid = call.get("StatementId")
    rest = [statement for statement in policy if statement["Sid"] != sid]
    if len(rest) == len(policy):
        raise not_found(f"Statement {sid} is not found in resource policy.")
    _check_revision(call, revised)
    function.policies[key] = rest
    revised.revise()
    return None


def get_policy(call: Call) -> Result:
    """Return a policy as JSON, with the revision of what it is for."""
    reference = call.reference()
    function = call.function(reference)
    policy = function.policies.get(reference.qualifier or LATEST)
    revised = function.revised(reference.qualifier)
    if not policy or revised is None:
        raise no_such_resource()
    return {"Policy": _document(policy), "RevisionId": revised.revision}


def _revised(call: Call, function: Function, reference: Reference) -> Any:
    """Return the version or alias that a reference means; raises ApiError if there is none."""
    revised = function.revised(reference.qualifier)
    if revised is None:
        kind = "Function not found:" if _is_version(reference) else "Cannot find alias arn:"
        raise not_found(f"{kind} {call.arn(reference)}")
    return revised


def _is_version(reference: Reference) -> bool:
    qualifier = reference.qualifier or LATEST
    return qualifier.isdigit() or "$" in qualifier


def _check_revision(call: Call, revised: Any) -> None:
    if call.get("RevisionId") not in (None, revised.revision):
        raise stale_revision("GetPolicy")


def _document(statements: list[dict[str, Any]]) -> str:
    document = {"Version": "2012-10-17", "Id": "default", "Statement": statements}
    return json.dumps(document, separators=(",", ":"))


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
    """Write a principal as IAM does: a service, an account, an ARN, or everybody."""
    if principal == "*":
        return principal
    # Alexa's two services are not below amazonaws.com.
    if re.fullmatch(r"[a-z0-9.-]+\.(amazonaws|amazon)\.com(\.[a-z]+)?", principal):
        return {"Service": principal}
    if re.fullmatch(r"\d{12}", principal):
        return {"AWS": f"arn:{get_partition(store.region)}:iam::{principal}:root"}
    if re.fullmatch(r"arn:aws[a-z-]*:(iam|sts)::\d{12}:.+", principal) and _exists(
        principal, store
    ):
        return {"AWS": principal}
    raise invalid_parameter(
        "The provided principal was invalid. Please check the principal and try again."
    )


def _exists(arn: str, store: Store) -> bool:
    """Whether there is a role or user of that ARN in the function's account; of other accounts nothing is known."""
    _, partition, _, _, account, resource = arn.split(":", 5)
    kind = resource.partition("/")[0]
    if account != store.account or kind not in ("role", "user"):
        return True
    iam = iam_backends[account][partition]
    existing = iam.roles if kind == "role" else iam.users
    return any(each.arn == arn for each in list(existing.values()))
