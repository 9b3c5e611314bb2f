"""The resource-based policies of layer versions."""

import re
from typing import Any

from local_aws.arns import Arn
from local_aws.functions.api.call import Call, Result
from local_aws.functions.api.errors import not_found, stale_revision
from local_aws.functions.api.layers import layer_name
from local_aws.functions.api.policy_statements import (
    account_root,
    no_policy,
    no_such_statement,
    policy_json,
    statement_exists,
    statement_json,
)
from local_aws.functions.api.version import LayerVersion


def add_layer_version_permission(call: Call) -> Result:
    """Let an account, or all accounts of an organization, use a layer version."""
    version = _version(call)
    sid = call.get("StatementId")
    if sid in version.policy.statements:
        raise statement_exists(sid)
    _check_revision(call, version)
    statement = _statement(call, version)
    version.policy.statements[sid] = statement
    version.policy.revise()
    return {"Statement": statement_json(statement), "RevisionId": version.policy.revision}


def remove_layer_version_permission(call: Call) -> Result:
    """Remove a statement."""
    version = _version(call)
    sid = call.get("StatementId")
    _check_revision(call, version)
    if sid not in version.policy.statements:
        raise no_such_statement(sid)
    del version.policy.statements[sid]
    version.policy.revise()
    return None


def get_layer_version_policy(call: Call) -> Result:
    """Return a policy in JSON."""
    version = _version(call)
    if not version.policy.statements:
        raise no_policy()
    policy = policy_json(version.policy.statements.values())
    return {"Policy": policy, "RevisionId": version.policy.revision}


def _version(call: Call) -> LayerVersion:
    name, number = call.get("LayerName"), call.get("VersionNumber")
    layer = call.store.layers.get(layer_name(call, name))
    version = layer.versions.get(number) if layer else None
    if version is None:
        arn = call.store.arn("layer", name.rpartition(":")[2], str(number))
        raise not_found(f"Layer version {arn} does not exist.")
    return version


def _check_revision(call: Call, version: LayerVersion) -> None:
    if call.get("RevisionId") not in (None, version.policy.revision):
        raise stale_revision("GetLayerPolicy")


def _statement(call: Call, version: LayerVersion) -> dict[str, Any]:
    principal = call.get("Principal")
    if re.fullmatch(r"\d{12}", principal):
        principal = account_root(principal, Arn.of(version.arn).partition)
    statement = {
        "Sid": call.get("StatementId"),
        "Effect": "Allow",
        "Principal": principal,
        "Action": call.get("Action"),
        "Resource": version.arn,
    }
    if organization := call.get("OrganizationId"):
        statement["Condition"] = {"StringEquals": {"aws:PrincipalOrgID": organization}}
    return statement
