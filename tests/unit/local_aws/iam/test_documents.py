"""Documents as people put them into IAM, and what AWS says of each; see also moto's own tests of its validators."""

import json
from typing import Any

import pytest

from local_aws.iam.documents import Kind, fault

SYNTAX = "Syntax errors in policy."
ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
ASSUME = {
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": {"Service": "lambda.amazonaws.com"},
}


def policy(statement: dict[str, Any], version: str | None = "2012-10-17") -> str:
    return json.dumps({**({"Version": version} if version else {}), "Statement": [statement]})


def without(statement: dict[str, Any], name: str, **more: Any) -> dict[str, Any]:
    return {key: value for key, value in statement.items() if key != name} | more


def when(**condition: Any) -> dict[str, Any]:
    return {**ALLOW, "Condition": condition}


@pytest.mark.parametrize(
    "statement",
    [
        ALLOW,
        {**ALLOW, "Action": ["s3:GetObject", "s3:Put*"], "Resource": ["arn:aws:s3:::photos/*"]},
        {**ALLOW, "Resource": "arn:aws:dynamodb"},
        {**ALLOW, "Sid": "ReadOnly1"},
        when(NumericLessThanEquals={"s3:max-keys": 10}),
        when(Bool={"aws:SecureTransport": True}),
        when(StringLike={"s3:prefix": ["home/${aws:username}/*", ""]}),
        {**ALLOW, "Condition": {"ForAllValues:StringEqualsIfExists": {"aws:TagKeys": ["a"]}}},
        when(Null={"aws:TokenIssueTime": "true"}),
    ],
    ids=str,
)
def test_a_policy_that_iam_stores(statement: dict[str, Any]) -> None:
    # Given a policy as the IAM guide writes them
    # When it is put
    # Then nothing is said against it
    assert fault(policy(statement), Kind.IDENTITY) is None


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ({**ALLOW, "Effect": "deny"}, "The policy failed legacy parsing"),
        (without(ALLOW, "Effect"), SYNTAX),
        (without(ALLOW, "Action"), "Policy statement must contain actions."),
        ({**ALLOW, "Action": []}, "Policy statement must contain actions."),
        (without(ALLOW, "Action", NotAction=[]), "Policy statement must contain actions."),
        (without(ALLOW, "Resource"), "Policy statement must contain resources."),
        ({**ALLOW, "Action": None}, SYNTAX),
        ({**ALLOW, "Action": ["s3:GetObject", None]}, SYNTAX),
        ({**ALLOW, "Action": 5}, SYNTAX),
        ({**ALLOW, "NotAction": "s3:PutObject"}, SYNTAX),
        ({**ALLOW, "Resource": [None]}, SYNTAX),
        ({**ALLOW, "Resource": "photos"}, 'Resource photos must be in ARN format or "*".'),
        ({**ALLOW, "Resources": "*"}, SYNTAX),
        (
            {**ALLOW, "Action": "GetObject"},
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        ),
        ({**ALLOW, "Action": "s3:Get:Object"}, "Actions/Condition can contain only one colon."),
        ({**ALLOW, "Action": ":GetObject"}, "The policy failed legacy parsing"),
        ({**ALLOW, "Action": "s3:Get$"}, "The policy failed legacy parsing"),
        ({**ALLOW, "Condition": {"": {}}}, SYNTAX),
        ({**ALLOW, "Principal": "*"}, "Policy document should not specify a principal."),
        (
            {**ALLOW, "NotPrincipal": {"AWS": "*"}},
            "Policy document should not specify a principal.",
        ),
        (
            {**ALLOW, "Sid": "read only"},
            "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression "
            "[0-9A-Za-z]*",
        ),
        (when(StringEqual={"s3:prefix": "a"}), SYNTAX),
        (when(StringEquals={"s3:prefix": None}), SYNTAX),
        (when(StringEquals={"s3:prefix": [["a"]]}), SYNTAX),
        (when(StringEquals=["s3:prefix"]), SYNTAX),
        (when(NullIfExists={"s3:prefix": "true"}), SYNTAX),
        ({**ALLOW, "Condition": {"ForSome:StringEquals": {"s3:prefix": "a"}}}, SYNTAX),
        ({**ALLOW, "Condition": []}, SYNTAX),
        (
            when(DateLessThan={"aws:CurrentTime": "tomorrow"}),
            "The policy failed legacy parsing",
        ),
    ],
    ids=str,
)
def test_a_policy_that_iam_refuses(statement: dict[str, Any], message: str) -> None:
    # Given a policy with a mistake
    # When it is put, for an identity or a session
    # Then AWS's sentence about it is the answer
    assert fault(policy(statement), Kind.IDENTITY) == message
    assert fault(policy(statement), Kind.SESSION) == message


@pytest.mark.parametrize(
    "document",
    [
        "",
        "nonsense",
        "null",
        "[]",
        "{}",
        "5",
        '{"Version": "2012-10-17", "Statement": []}',
        '{"Version": "2012-10-17", "Statement": [5]}',
        '{"Version": "2012-10-17", "Version": "2012-10-17", "Statement": []}',
        json.dumps({"Version": "2011-10-17", "Statement": [ALLOW]}),
        "[" * 100_000,
    ],
    ids=lambda document: document[:50],
)
@pytest.mark.parametrize("kind", Kind)
def test_what_is_not_a_policy(document: str, kind: Kind) -> None:
    # Given something else
    # When it is put
    # Then it has syntax errors
    assert fault(document, kind) == SYNTAX


@pytest.mark.parametrize("version", ["2008-10-17", None])
def test_which_versions_each_kind_may_have(version: str | None) -> None:
    # Given documents of the older version, or of none, which is the same
    # When they are put
    # Then identities need the newer one
    older = "Policy document must be version 2012-10-17 or greater."
    assert fault(policy(ALLOW, version), Kind.IDENTITY) == older
    assert fault(policy(ALLOW, version), Kind.SESSION) is None
    assert fault(policy(ASSUME, version), Kind.TRUST) is None


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (ASSUME, None),
        ({**ASSUME, "Principal": {"AWS": "arn:aws:iam::123456789012:root"}}, None),
        ({**ASSUME, "Principal": {"AWS": ["123456789012", "*"]}}, None),
        ({**ASSUME, "Principal": "*"}, None),
        ({**ASSUME, "Principal": {"Federated": "cognito-identity.amazonaws.com"}}, None),
        (without(ASSUME, "Principal"), "Missing required field Principal"),
        ({**ASSUME, "Principal": {}}, SYNTAX),
        ({**ASSUME, "Principal": {"Lambda": "f"}}, SYNTAX),
        ({**ASSUME, "Principal": "zoe"}, SYNTAX),
        (
            {**ASSUME, "Principal": {"AWS": "arn:aws:iam::123456789012:role/*"}},
            'Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/*"',
        ),
        (
            {**ASSUME, "Principal": {"Service": "lambda"}},
            'Invalid principal in policy: "SERVICE":"lambda"',
        ),
        ({**ASSUME, "Resource": "*"}, "Has prohibited field Resource."),
        (
            {**ASSUME, "Action": "s3:GetObject"},
            "Trust Policy statement actions can only be sts:AssumeRole, sts:AssumeRoleWithSAML,  and "
            "sts:AssumeRoleWithWebIdentity",
        ),
    ],
    ids=str,
)
def test_trust_policies(statement: dict[str, Any], message: str | None) -> None:
    # Given a role's trust policy
    # When the role is made with it
    # Then AWS takes it, or says what is wrong
    assert fault(policy(statement), Kind.TRUST) == message
