"""A document that IAM would refuse is refused by the local AWS wherever it is put."""

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.deployed import TRUST_LAMBDA, Client

WITH_PRINCIPAL = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Principal": "*"},
    }
)
WITHOUT_PRINCIPAL = json.dumps(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole"}}
)
NUMBER = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Action": "s3:ListBucket",
            "Resource": "*",
            "Condition": {"NumericLessThan": {"s3:max-keys": 10}},
        },
    }
)


@pytest.fixture
def name(client: Client) -> Iterator[str]:
    """Give the name of a role, a user and a group, and the end of a managed policy's ARN."""
    name = f"documents-{uuid.uuid4().hex[:8]}"
    iam = client("iam")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST_LAMBDA))
    iam.create_user(UserName=name)
    iam.create_group(GroupName=name)
    policy = iam.create_policy(PolicyName=name, PolicyDocument=NUMBER)["Policy"]
    yield name
    iam.delete_policy(PolicyArn=policy["Arn"])
    iam.delete_group(GroupName=name)
    iam.delete_user(UserName=name)
    iam.delete_role(RoleName=name)


def put_identity_policies(iam: Any, name: str, document: str) -> list[Callable[[], Any]]:
    arn = f"arn:aws:iam::123456789012:policy/{name}"
    return [
        lambda: iam.create_policy(PolicyName=f"{name}-2", PolicyDocument=document),
        lambda: iam.create_policy_version(PolicyArn=arn, PolicyDocument=document),
        lambda: iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=document),
        lambda: iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=document),
        lambda: iam.put_group_policy(GroupName=name, PolicyName="p", PolicyDocument=document),
    ]


def put_trust_policies(iam: Any, name: str, document: str) -> list[Callable[[], Any]]:
    return [
        lambda: iam.create_role(RoleName=f"{name}-2", AssumeRolePolicyDocument=document),
        lambda: iam.update_assume_role_policy(RoleName=name, PolicyDocument=document),
    ]


def assume(sts: Any, name: str, document: str) -> list[Callable[[], Any]]:
    arn = f"arn:aws:iam::123456789012:role/{name}"
    return [
        lambda: sts.assume_role(RoleArn=arn, RoleSessionName="zoe", Policy=document),
        lambda: sts.get_federation_token(Name="zoe", Policy=document),
    ]


@pytest.mark.parametrize(
    ("service", "put", "document", "message"),
    [
        ("iam", put_identity_policies, "nonsense", "Syntax errors in policy."),
        (
            "iam",
            put_identity_policies,
            WITH_PRINCIPAL,
            "Policy document should not specify a principal.",
        ),
        ("iam", put_trust_policies, "{}", "Syntax errors in policy."),
        ("iam", put_trust_policies, WITHOUT_PRINCIPAL, "Missing required field Principal"),
        ("sts", assume, "nonsense", "Syntax errors in policy."),
        ("sts", assume, WITH_PRINCIPAL, "Policy document should not specify a principal."),
    ],
)
def test_a_document_that_iam_refuses(
    client: Client,
    name: str,
    service: str,
    put: Callable[[Any, str, str], list[Callable[[], Any]]],
    document: str,
    message: str,
) -> None:
    # Given every operation that takes such a document
    operations = put(client(service), name, document)

    # When each is given a document with a mistake
    errors = []
    for operation in operations:
        with pytest.raises(ClientError) as refused:
            operation()
        errors.append(refused.value.response)

    # Then each refuses it as AWS does
    for error in errors:
        assert error["Error"]["Code"] == "MalformedPolicyDocument"
        assert error["Error"]["Message"] == message
        assert error["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_policies_that_are_too_large_are_refused(client: Client, name: str) -> None:
    # Given documents of more than 5,120 and more than 10,240 characters, apart from white space
    iam = client("iam")

    def document(size: int) -> str:
        statement = {"Effect": "Allow", "Action": "s3:*", "Resource": f"arn:aws:s3:::{'b' * size}"}
        return json.dumps({"Version": "2012-10-17", "Statement": statement}, indent=400)

    large, larger = document(5120), document(10_240)
    trust = json.dumps({**TRUST_LAMBDA, "Id": "i" * 2048})

    # When they are put
    operations = put_identity_policies(iam, name, larger)
    operations += [
        lambda: iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=large),
        *put_trust_policies(iam, name, trust),
    ]
    errors = []
    for operation in operations:
        with pytest.raises(ClientError) as refused:
            operation()
        errors.append(refused.value.response["Error"])
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=large)
    with pytest.raises(ClientError) as together:
        iam.put_role_policy(RoleName=name, PolicyName="q", PolicyDocument=large)
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=large)
    iam.delete_role_policy(RoleName=name, PolicyName="p")

    # Then IAM's quota is named, which is for all inline policies together
    assert {error["Code"] for error in errors} == {"LimitExceeded"}
    assert [error["Message"] for error in errors] == [
        "Cannot exceed quota for PolicySize: 6144",
        "Cannot exceed quota for PolicySize: 6144",
        f"Maximum policy size of 10240 bytes exceeded for role {name}",
        f"Maximum policy size of 2048 bytes exceeded for user {name}",
        f"Maximum policy size of 5120 bytes exceeded for group {name}",
        f"Maximum policy size of 2048 bytes exceeded for user {name}",
        "Cannot exceed quota for ACLSizePerRole: 2048",
        "Cannot exceed quota for ACLSizePerRole: 2048",
    ]
    assert "10240 bytes" in together.value.response["Error"]["Message"]


def test_an_identity_has_ten_managed_policies(client: Client, name: str) -> None:
    # Given a user with ten managed policies
    iam = client("iam")
    arns = [policy["Arn"] for policy in iam.list_policies(Scope="AWS", MaxItems=11)["Policies"]]
    for arn in arns[:10]:
        iam.attach_user_policy(UserName=name, PolicyArn=arn)

    # When one is attached again, and one more
    iam.attach_user_policy(UserName=name, PolicyArn=arns[0])
    with pytest.raises(ClientError) as refused:
        iam.attach_user_policy(UserName=name, PolicyArn=arns[10])
    for arn in arns[:10]:
        iam.detach_user_policy(UserName=name, PolicyArn=arn)

    # Then the eleventh is refused
    error = refused.value.response["Error"]
    assert error["Code"] == "LimitExceeded"
    assert error["Message"] == "Cannot exceed quota for PoliciesPerUser: 10"
