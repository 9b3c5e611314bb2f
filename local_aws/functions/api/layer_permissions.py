"""The resource-based policy of a version of a layer."""

import json
import re
from typing import Any

from local_aws.functions.api.call import Call, Result
from local_aws.functions.api.errors import conflict, not_found, stale_revision
from local_aws.functions.api.layers import layer_name
from local_aws.functions.api.store import LayerVersion, new_revision


def add_layer_version_permission(call: Call) -> Result:
    """Let an account, or everybody of an organization, use a version of a layer."""
    version = _version(call)
    sid = call.get("StatementId")
    if sid in version.policy:
        raise conflict(
            f"The statement id ({sid}) provided already exists. "
            "Please provide a new statement id, or remove the existing statement."
        )
    _check_revision(call, version)
    statement = _statement(call, version)
    version.policy[sid] = statement
    version.policy_revision[0] = new_revision()
    return {"Statement": _json(statement), "RevisionId": version.policy_revision[0]}


def remove_layer_version_permission(call: Call) -> Result:
    """Remove a statement."""
    version = _version(call)
    sid = call.get("StatementId")
    _check_revision(call, version)
    if sid not in version.policy:
        raise not_found(f"Statement {sid} is not found in resource policy.")
    del version.policy[sid]
    version.policy_revision[0] = new_revision()
    return None


def get_layer_version_policy(call: Call) -> Result:
    """Return a policy as JSON."""
    version = _version(call)
    if not version.policy:
        raise not_found("No policy is associated with the given resource.")
    document = {
        "Version": "2012-10-17",
        "Id": "default",
        "Statement": list(version.policy.values()),
    }
    return {"Policy": _json(document), "RevisionId": version.policy_revision[0]}


def _version(call: Call) -> LayerVersion:
    name, number = call.get("LayerName"), call.get("VersionNumber")
    layer = call.store.layers.get(layer_name(call, name))
    version = layer.versions.get(number) if layer else None
    if version is None:
        arn = call.store.arn("layer", name.rpartition(":")[2], str(number))
        raise not_found(f"Layer version {arn} does not exist.")
    return version


def _check_revision(call: Call, version: LayerVersion) -> None:
    if call.get("RevisionId") not in (None, version.policy_revision[0]):
        raise stale_revision("GetLayerPolicy")


def _statement(call: Call, version: LayerVersion) -> dict[str, Any]:
    principal = call.get("Principal")
    if re.fullmatch(r"\d{12}", principal):
        principal = {"AWS": f"arn:{version.arn.split(':')[1]}:iam::{principal}:root"}
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


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"))
