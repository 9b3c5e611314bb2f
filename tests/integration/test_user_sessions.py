"""Sessions of users and of the account, as "Request temporary security credentials" in the IAM guide has them."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.integration.deployed import Client

ACCOUNT = "123456789012"
ONCE = Config(retries={"total_max_attempts": 1})
ANY_TOPIC = {"Effect": "Allow", "Action": "sns:ListTopics", "Resource": "*"}
ANY_QUEUE = {"Effect": "Allow", "Action": "sqs:ListQueues", "Resource": "*"}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


@dataclass(frozen=True)
class Keys:
    """Credentials as STS and IAM return them, and the local AWS they are for."""

    endpoint: str
    given: dict[str, Any]

    def client(self, service: str) -> Any:
        return boto3.client(  # type: ignore[call-overload] # any service
            service,
            region_name="us-east-1",
            endpoint_url=self.endpoint,
            aws_access_key_id=self.given["AccessKeyId"],
            aws_secret_access_key=self.given["SecretAccessKey"],
            aws_session_token=self.given.get("SessionToken"),
            config=ONCE,
        )


@pytest.fixture
def user(client: Client, endpoint: str) -> Iterator[Keys]:
    """Give a user who may list topics and queues, and all of IAM and STS."""
    iam, name = client("iam"), f"user-{uuid.uuid4().hex[:8]}"
    iam.create_user(UserName=name)
    everything = {"Effect": "Allow", "Action": ["iam:*", "sts:*"], "Resource": "*"}
    document = policy(ANY_TOPIC, ANY_QUEUE, everything)
    iam.put_user_policy(UserName=name, PolicyName="may", PolicyDocument=document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    yield Keys(endpoint, key)
    iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    iam.delete_user_policy(UserName=name, PolicyName="may")
    iam.delete_user(UserName=name)


def refused(ask: Any) -> str:
    with pytest.raises(ClientError) as refusal:
        ask()
    return str(refusal.value.response["Error"]["Message"])


def test_a_session_of_a_user_is_the_user_but_for_iam(user: Keys) -> None:
    # Given a session of a user
    session = Keys(user.endpoint, user.client("sts").get_session_token()["Credentials"])

    # When it is used
    who = session.client("sts").get_caller_identity()
    session.client("sns").list_topics()
    iam = refused(session.client("iam").list_users)
    another = refused(session.client("sts").get_session_token)
    table = refused(session.client("dynamodb").list_tables)

    # Then it may do what the user may, but for IAM and another session
    assert who["Arn"] == user.client("sts").get_caller_identity()["Arn"]
    assert "no session policy allows the iam:ListUsers action" in iam
    assert another == "Cannot call GetSessionToken with session credentials"
    assert "no identity-based policy allows the dynamodb:ListTables action" in table


def test_a_federated_user_may_do_what_both_policies_allow(user: Keys) -> None:
    # Given a federated user's session, and one that was given no policy
    sts = user.client("sts")
    given = sts.get_federation_token(Name="Adam", Policy=policy(ANY_TOPIC))
    session = Keys(user.endpoint, given["Credentials"])
    nothing = Keys(user.endpoint, sts.get_federation_token(Name="Adam")["Credentials"])

    # When they are used
    who = session.client("sts").get_caller_identity()
    session.client("sns").list_topics()
    queues = refused(session.client("sqs").list_queues)
    topics = refused(nothing.client("sns").list_topics)

    # Then the user's policies and the session's must both allow it
    arn = f"arn:aws:sts::{ACCOUNT}:federated-user/Adam"
    assert who["Arn"] == given["FederatedUser"]["Arn"] == arn
    assert who["UserId"] == f"{ACCOUNT}:Adam"
    assert "no session policy allows the sqs:ListQueues action" in queues
    assert "no session policy allows the sns:ListTopics action" in topics


def test_a_session_of_the_account_may_do_everything_but_iam(client: Client, endpoint: str) -> None:
    # Given a session that the administrator asked for, and the same with another secret
    given = client("sts").get_session_token(DurationSeconds=900)["Credentials"]
    session = Keys(endpoint, given)
    forged = Keys(endpoint, {**given, "SecretAccessKey": "wrong"})

    # When it is used
    session.client("dynamodb").list_tables()
    who = session.client("sts").get_caller_identity()
    iam = refused(session.client("iam").list_users)
    mismatch = refused(forged.client("dynamodb").list_tables)

    # Then it is the account's
    assert who["Arn"] == f"arn:aws:iam::{ACCOUNT}:root"
    assert "no session policy allows" in iam
    assert "signature we calculated does not match" in mismatch
