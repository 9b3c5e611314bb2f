"""SimulatePrincipalPolicy and SimulateCustomPolicy say what the local AWS would decide, and why."""

import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.deployed import TRUST_LAMBDA, Client

TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/Rides"
USER = "arn:aws:iam::123456789012:user/zoe"
READ = "dynamodb:GetItem"


def policy(effect: str = "Allow", **elements: Any) -> str:
    statement = {"Effect": effect, "Action": READ, "Resource": TABLE, **elements}
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


@pytest.mark.parametrize(
    ("asked", "decision"),
    [
        ({}, "allowed"),
        ({"ActionNames": ["dynamodb:PutItem"]}, "implicitDeny"),
        ({"PolicyInputList": [policy(), policy("Deny", Resource="*")]}, "explicitDeny"),
        (
            {"PermissionsBoundaryPolicyInputList": [policy(Action="s3:*", Resource="*")]},
            "implicitDeny",
        ),
        (
            {
                "PolicyInputList": [
                    policy(Condition={"StringEquals": {"aws:RequestedRegion": "us-east-1"}})
                ],
                "ContextEntries": [
                    {
                        "ContextKeyName": "aws:RequestedRegion",
                        "ContextKeyValues": ["us-east-1"],
                        "ContextKeyType": "string",
                    }
                ],
            },
            "allowed",
        ),
        (
            {
                "PolicyInputList": [policy(Action="s3:*", Resource="*")],
                "ResourcePolicy": policy(Principal={"AWS": USER}),
                "CallerArn": USER,
            },
            "allowed",
        ),
        (
            {
                "ResourcePolicy": policy(Principal={"AWS": USER}),
                "ResourceOwner": "arn:aws:iam::210987654321:root",
                "CallerArn": "arn:aws:iam::123456789012:user/other",
            },
            "implicitDeny",
        ),
        (
            {"ResourceOwner": "arn:aws:iam::210987654321:root", "CallerArn": USER},
            "implicitDeny",
        ),
    ],
)
def test_custom_policies(client: Client, asked: dict[str, Any], decision: str) -> None:
    # Given policies, an action and a resource
    question = {
        "PolicyInputList": [policy()],
        "ActionNames": [READ],
        "ResourceArns": [TABLE],
        **asked,
    }

    # When they are simulated
    (result,) = client("iam").simulate_custom_policy(**question)["EvaluationResults"]

    # Then the decision is IAM's
    assert result["EvalDecision"] == decision
    assert result["EvalResourceName"] == TABLE


def test_why(client: Client) -> None:
    # Given a policy with a condition
    document = policy(Condition={"Bool": {"aws:SecureTransport": "true"}})

    # When it is simulated with and without the key that it asks for
    iam = client("iam")
    asked = {"PolicyInputList": [document], "ActionNames": [READ], "ResourceArns": [TABLE]}
    (missing,) = iam.simulate_custom_policy(**asked)["EvaluationResults"]
    entry = {
        "ContextKeyName": "aws:SecureTransport",
        "ContextKeyValues": ["true"],
        "ContextKeyType": "boolean",
    }
    (given,) = iam.simulate_custom_policy(**asked, ContextEntries=[entry])["EvaluationResults"]

    # Then the result says which key is missing, or which policy decided
    assert missing["EvalDecision"] == "implicitDeny"
    assert missing["MissingContextValues"] == ["aws:securetransport"]
    assert given["EvalDecision"] == "allowed"
    assert given["MatchedStatements"][0]["SourcePolicyId"] == "PolicyInputList.1"


def test_a_roles_policies(client: Client) -> None:
    # Given a role that may read one table
    iam = client("iam")
    name = f"simulated-{uuid.uuid4().hex[:8]}"
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST_LAMBDA))["Role"][
        "Arn"
    ]
    iam.put_role_policy(RoleName=name, PolicyName="read", PolicyDocument=policy())

    # When it is asked what the role may do
    results = iam.simulate_principal_policy(
        PolicySourceArn=arn, ActionNames=[READ, "dynamodb:PutItem"], ResourceArns=[TABLE]
    )["EvaluationResults"]
    iam.delete_role_policy(RoleName=name, PolicyName="read")
    iam.delete_role(RoleName=name)

    # Then the answer is what the local AWS would do
    assert [result["EvalDecision"] for result in results] == ["allowed", "implicitDeny"]


def test_what_cannot_be_simulated(client: Client) -> None:
    # Given a document that is no policy, and a role that does not exist
    iam = client("iam")

    # When they are simulated
    with pytest.raises(ClientError) as malformed:
        iam.simulate_custom_policy(PolicyInputList=["{}"], ActionNames=[READ])
    with pytest.raises(ClientError) as missing:
        iam.simulate_principal_policy(
            PolicySourceArn="arn:aws:iam::123456789012:role/none", ActionNames=[READ]
        )

    # Then the errors say so
    assert malformed.value.response["Error"]["Code"] == "InvalidInput"
    assert missing.value.response["Error"]["Code"] == "NoSuchEntity"
