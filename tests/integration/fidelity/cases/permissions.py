"""Resource-based policies: of a function, of each version and each alias."""

import json
from dataclasses import replace
from typing import Any

from tests.integration.fidelity.case import (
    ARN,
    CONFLICT,
    INVALID,
    MISSING,
    STALE,
    VALIDATION,
    Case,
    reference,
    refusal,
    report,
)
from tests.integration.fidelity.lab import Lab, status

INVOKE = "lambda:InvokeFunction"
MEASURED = report("a configuration that was applied with the provider 5.100.0", "2026-09")


def add(lab: Lab, name: str, **parameters: Any) -> dict[str, Any]:
    given = {"StatementId": "s", "Action": INVOKE, "Principal": "s3.amazonaws.com", **parameters}
    return lab.call("add_permission", FunctionName=name, **given)


def statement(behaviour: str, aws: object, part: str, **parameters: Any) -> Case:
    """Return the case of what one member of an added statement is."""

    def added(lab: Lab) -> object:
        return json.loads(add(lab, lab.function(), **parameters)["Statement"]).get(part)

    given = ", ".join(f"{name}={value!r}" for name, value in parameters.items())
    return Case(behaviour, f"add_permission({given})", aws, added)


def refused_permission(behaviour: str, aws: str, **parameters: Any) -> Case:
    """Return the case of a statement that is not added."""
    given = {"StatementId": "s", "Action": INVOKE, "Principal": "s3.amazonaws.com", **parameters}
    return refusal(behaviour, aws, "add_permission", **given)


def added(lab: Lab) -> object:
    answered = add(lab, lab.function())
    return [status(answered), json.loads(answered["Statement"])]


def each_has_its_own(lab: Lab) -> object:
    name = lab.versions("first")
    lab.call("create_alias", FunctionName=name, Name="live", FunctionVersion="1")
    for qualifier in ({}, {"Qualifier": "1"}, {"Qualifier": "live"}):
        add(lab, name, **qualifier)
    policies = [
        json.loads(lab.call("get_policy", FunctionName=name, **qualifier)["Policy"])
        for qualifier in ({}, {"Qualifier": "1"}, {"Qualifier": "live"})
    ]
    return [[entry["Resource"] for entry in policy["Statement"]] for policy in policies]


def same_sid(lab: Lab) -> object:
    name = lab.function()
    add(lab, name)
    return lab.refusal(
        "add_permission",
        FunctionName=name,
        StatementId="s",
        Action=INVOKE,
        Principal="sns.amazonaws.com",
    )


def document(lab: Lab) -> object:
    name = lab.function()
    add(lab, name)
    policy = json.loads(lab.call("get_policy", FunctionName=name)["Policy"])
    return {key: policy[key] for key in ("Version", "Id")}


def revision_of_the_alias(lab: Lab) -> object:
    name = lab.versions("first")
    lab.call("create_alias", FunctionName=name, Name="live", FunctionVersion="1")
    add(lab, name, Qualifier="live")
    policy = lab.call("get_policy", FunctionName=name, Qualifier="live")
    alias = lab.call("get_alias", FunctionName=name, Name="live")
    return policy["RevisionId"] == alias["RevisionId"]


def removed(lab: Lab) -> object:
    name = lab.function()
    add(lab, name)
    answered = status(lab.call("remove_permission", FunctionName=name, StatementId="s"))
    return [answered, lab.refusal("get_policy", FunctionName=name)]


def unknown_sid(lab: Lab) -> object:
    name = lab.function()
    add(lab, name)
    return lab.refusal("remove_permission", FunctionName=name, StatementId="other")


def stale(lab: Lab) -> object:
    return lab.refusal(
        "add_permission",
        StatementId="s",
        Action=INVOKE,
        Principal="s3.amazonaws.com",
        RevisionId="wrong",
    )


def too_long(lab: Lab) -> object:
    name, outcome = lab.function(), ""
    for number in range(150):
        outcome = lab.refusal(
            "add_permission",
            FunctionName=name,
            StatementId=f"{number}{'s' * 90}",
            Action=INVOKE,
            Principal="s3.amazonaws.com",
        )
        if not outcome.startswith("201"):
            break
    return outcome


CASES = (
    Case(
        "A statement is added with 201, and is for the function's ARN",
        "add_permission(Principal='s3.amazonaws.com')",
        [
            201,
            {
                "Sid": "s",
                "Effect": "Allow",
                "Principal": {"Service": "s3.amazonaws.com"},
                "Action": INVOKE,
                "Resource": f"{ARN}NAME",
            },
        ],
        added,
    ),
    Case(
        "Function, version and alias have a policy each, with the same Sid",
        "add_permission(Qualifier=…), get_policy(Qualifier=…)",
        [[f"{ARN}NAME"], [f"{ARN}NAME:1"], [f"{ARN}NAME:live"]],
        each_has_its_own,
    ),
    Case(
        "The same Sid twice is a conflict",
        "add_permission(StatementId='s') twice",
        f"409 {CONFLICT}: The statement id (s) provided already exists. "
        "Please provide a new statement id, or remove the existing statement.",
        same_sid,
    ),
    Case(
        "A policy has a version and an id",
        "get_policy",
        {"Version": "2012-10-17", "Id": "default"},
        document,
    ),
    Case(
        "The policy of an alias has the alias's RevisionId",
        "get_policy(Qualifier='live'), get_alias",
        True,
        revision_of_the_alias,
    ),
    statement(
        "An account as principal is its root user",
        {"AWS": "arn:aws:iam::210987654321:root"},
        "Principal",
        Principal="210987654321",
    ),
    statement(
        "A role as principal is its ARN",
        {"AWS": "arn:aws:iam::210987654321:role/caller"},
        "Principal",
        Principal="arn:aws:iam::210987654321:role/caller",
    ),
    statement("Everybody as principal is a star", "*", "Principal", Principal="*"),
    statement(
        "The source's ARN is a condition",
        {"ArnLike": {"AWS:SourceArn": "arn:aws:s3:::bucket"}},
        "Condition",
        SourceArn="arn:aws:s3:::bucket",
    ),
    statement(
        "The source's account is a condition",
        {"StringEquals": {"AWS:SourceAccount": "123456789012"}},
        "Condition",
        SourceAccount="123456789012",
    ),
    statement(
        "The organization is a condition",
        {"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}},
        "Condition",
        Principal="*",
        PrincipalOrgID="o-1234567890",
    ),
    statement(
        "The token of an event source is a condition",
        {"StringEquals": {"lambda:EventSourceToken": "token"}},
        "Condition",
        Principal="alexa-appkit.amazon.com",
        EventSourceToken="token",
    ),
    statement(
        "The authentication of a function URL is a condition",
        {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}},
        "Condition",
        Action="lambda:InvokeFunctionUrl",
        Principal="*",
        FunctionUrlAuthType="NONE",
    ),
    replace(
        refused_permission(
            "The authentication of a function URL goes with InvokeFunctionUrl alone",
            f"400 {INVALID}: FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action",
            Principal="*",
            FunctionUrlAuthType="NONE",
        ),
        source=MEASURED,
    ),
    replace(
        refused_permission(
            "A role that does not exist is no principal",
            f"400 {INVALID}: The provided principal was invalid. Please check the principal and try again.",
            Principal="arn:aws:iam::123456789012:role/nobody",
        ),
        source=reference("AddPermission"),
    ),
    Case(
        "A statement is removed with 204",
        "remove_permission",
        [204, f"404 {MISSING}: The resource you requested does not exist."],
        removed,
    ),
    Case(
        "An unknown statement is not found",
        "remove_permission(StatementId='other')",
        f"404 {MISSING}: Statement other is not found in resource policy.",
        unknown_sid,
    ),
    Case(
        "AddPermission checks the RevisionId",
        "add_permission(RevisionId='wrong')",
        f"412 {STALE}: The Revision Id provided does not match the latest Revision Id. Call the …",
        stale,
    ),
    Case(
        "A policy has at most 20 KB",
        "add_permission 150 times",
        "400 PolicyLengthExceededException: The final policy size (…) is bigger than the limit (20480).",
        too_long,
    ),
    refused_permission(
        "$LATEST has no policy",
        f"400 {INVALID}: We currently do not support adding policies for $LATEST.",
        Qualifier="$LATEST",
    ),
    refused_permission(
        "A Sid has no dot",
        f"400 {VALIDATION}: 1 validation error detected: Value 's.x' at 'statementId' failed to "
        "satisfy constraint: Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)",
        StatementId="s.x",
    ),
    refused_permission(
        "An action is one of Lambda's",
        f"400 {VALIDATION}: 1 validation error detected: Value 's3:GetObject' at 'action' failed to "
        "satisfy constraint: Member must satisfy regular expression pattern: (lambda:[*]|lambda:[a-zA-Z]+|[*])",
        Action="s3:GetObject",
    ),
    refused_permission(
        "A word is no principal",
        f"400 {INVALID}: The provided principal was invalid. Please check the principal and try again.",
        Principal="nobody",
    ),
    refused_permission(
        "A permission on an unknown alias is not found",
        f"404 {MISSING}: Cannot find alias arn: {ARN}NAME:none",
        Qualifier="none",
    ),
    refused_permission(
        "A permission on an unknown version is not found",
        f"404 {MISSING}: Function not found: {ARN}NAME:99",
        Qualifier="99",
    ),
    refused_permission(
        "A permission on an unknown function is not found",
        f"404 {MISSING}: Function not found: {ARN}no",
        FunctionName="no",
    ),
    refusal(
        "A function without statements has no policy",
        f"404 {MISSING}: The resource you requested does not exist.",
        "get_policy",
    ),
    refusal(
        "Removing from no policy is not found",
        f"404 {MISSING}: No policy is associated with the given resource.",
        "remove_permission",
        StatementId="s",
    ),
    refusal(
        "Removing from an unknown function is not found",
        f"404 {MISSING}: No policy found for: {ARN}no",
        "remove_permission",
        FunctionName="no",
        StatementId="s",
    ),
)
