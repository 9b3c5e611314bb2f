"""Requests that are well signed: which reach the services, by policies as they stand in IAM at that moment."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.credentials import Credentials

from local_aws.functions.credentials import assume_role
from local_aws.iam import user_sessions


def test_what_the_role_may_do_reaches_the_services_unchanged(account: Any) -> None:
    # Given a request to put an item, from a session of the role
    request = account.signed(account.session())

    # When it is sent
    answer = account.send(request)

    # Then the services get it as it was sent
    assert (answer.status, answer.body) == (200, request.data)


def test_what_the_role_may_not_do_is_refused_in_dynamodbs_words(account: Any) -> None:
    # Given a session of the role
    # When it deletes the table
    answer = account.ask(account.session(), '{"TableName": "Rides"}', "DeleteTable")

    # Then the answer is DynamoDB's own
    assert answer.status == 400
    assert answer.content_type == "application/x-amz-json-1.0"
    assert json.loads(answer.body) == {
        "__type": "com.amazon.coral.service#AccessDeniedException",
        "Message": (
            f"User: arn:aws:sts::{account.id}:assumed-role/Writer/test is not authorized to perform: "
            f"dynamodb:DeleteTable on resource: {account.table} "
            "because no identity-based policy allows the dynamodb:DeleteTable action"
        ),
    }


def test_policies_count_as_they_stand_at_that_moment(account: Any) -> None:
    # Given a session that has put an item
    credentials = account.session()
    assert account.ask(credentials).status == 200

    # When the role's policy is taken away, and given back as a managed one
    account.iam.delete_role_policy("Writer", "write")
    taken_away = account.ask(credentials)
    document = account.policy("Allow", "dynamodb:*")
    managed = account.iam.create_policy("", "/", document, "write", {})
    account.iam.attach_role_policy(managed.arn, "Writer")
    given_back = account.ask(credentials)

    # Then each shows in the next request
    assert (taken_away.status, given_back.status) == (400, 200)


def test_a_role_that_is_gone_may_do_nothing(account: Any) -> None:
    # Given a session whose role is deleted
    credentials = account.session()
    account.iam.delete_role_policy("Writer", "write")
    account.iam.delete_role("Writer")

    # When it puts an item
    # Then it is refused
    assert account.ask(credentials).code == "AccessDeniedException"


def test_a_new_role_of_the_same_name_is_another_role(account: Any) -> None:
    # Given a session whose role is deleted
    credentials = account.session()
    account.iam.delete_role_policy("Writer", "write")
    account.iam.delete_role("Writer")

    # When a role of that name is created, which may put items
    account.iam.create_role("Writer", "{}", "/", None, "", [], None)
    account.iam.put_role_policy("Writer", "write", account.policy("Allow", "dynamodb:PutItem"))

    # Then that says nothing of the session
    assert account.ask(credentials).code == "AccessDeniedException"
    assert account.ask(account.session()).status == 200


def test_a_new_user_of_the_same_name_is_another_user(account: Any) -> None:
    # Given a user's key, and a session of it, when the user is deleted and created again, who may put items
    account.iam.create_user("us-east-1", "zoe")
    key = account.iam.create_access_key("zoe")
    key_id, session = user_sessions.issue(account.iam, "zoe", 900)
    account.iam.delete_user("zoe")
    account.iam.create_user("us-east-1", "zoe")
    account.iam.put_user_policy("zoe", "write", account.policy("Allow", "dynamodb:PutItem"))

    # Then neither is known any more
    for credentials in (
        Credentials(key.access_key_id, key.secret_access_key),
        Credentials(key_id, session.secret, session.token),
    ):
        assert account.ask(credentials).code == "UnrecognizedClientException"


@pytest.mark.parametrize(("arn", "status"), [("function:ride", 200), ("function:other", 400)])
def test_a_functions_session_says_whose_it_is(account: Any, arn: str, status: int) -> None:
    # Given a role that one function alone may use to put items
    function = f"arn:aws:lambda:us-east-1:{account.id}:{arn}"
    condition = {"ArnEquals": {"lambda:SourceFunctionArn": function}}
    policy = json.loads(account.policy("Allow", "dynamodb:PutItem"))
    policy["Statement"]["Condition"] = condition
    account.iam.put_role_policy("Writer", "write", json.dumps(policy))

    # When the function ride has a session of it
    given = assume_role(account.role, "ride", account.id, "us-east-1")
    credentials = Credentials(given.access_key_id, given.secret_access_key, given.session_token)

    # Then it may if the policy is about it
    assert account.ask(credentials).status == status


@pytest.mark.parametrize(("allowed", "status"), [("dynamodb:*", 200), ("s3:*", 400)])
def test_a_permissions_boundary_narrows_the_role(account: Any, allowed: str, status: int) -> None:
    # Given a role with a permissions boundary
    document = account.policy("Allow", allowed)
    boundary = account.iam.create_policy("", "/", document, "boundary", {})
    account.iam.put_role_permissions_boundary("Writer", boundary.arn)

    # When what the role's own policy allows is asked for
    # Then the boundary must allow it too
    assert account.ask(account.session()).status == status


@pytest.mark.parametrize(("allowed", "status"), [("dynamodb:*", 200), ("s3:*", 400)])
def test_a_session_policy_narrows_the_session(account: Any, allowed: str, status: int) -> None:
    # Given a session with a policy of its own
    credentials = account.session(session_policy=account.policy("Allow", allowed))

    # When what the role's own policy allows is asked for
    # Then the session's must allow it too
    assert account.ask(credentials).status == status


def put_on_user(iam: Any, document: str) -> None:
    iam.put_user_policy("zoe", "own", document)


def put_on_group(iam: Any, document: str) -> None:
    iam.create_group("riders")
    iam.put_group_policy("riders", "group", document)
    iam.add_user_to_group("riders", "zoe")


@pytest.mark.parametrize("put", [put_on_user, put_on_group])
def test_a_users_and_its_groups_policies_count(
    account: Any, put: Callable[[Any, str], None]
) -> None:
    # Given a user with an access key, who may do nothing yet
    account.iam.create_user("us-east-1", "zoe")
    key = account.iam.create_access_key("zoe")
    credentials = Credentials(key.access_key_id, key.secret_access_key)
    before = account.ask(credentials)

    # When a policy allows it
    put(account.iam, account.policy("Allow", "dynamodb:PutItem"))
    after = account.ask(credentials)

    # Then the user may put items
    assert before.code == "AccessDeniedException"
    assert before.message.startswith(f"User: arn:aws:iam::{account.id}:user/zoe is not authorized")
    assert after.status == 200


def test_the_administrators_key_may_do_everything(account: Any) -> None:
    # Given the administrator's credentials
    credentials = Credentials("local", "local")

    # When they are used
    answer = account.ask(credentials, "{}", "DeleteTable")

    # Then nothing is checked
    assert answer.status == 200


def test_an_operation_that_does_not_exist_is_refused(account: Any) -> None:
    # Given a role that may do everything
    account.iam.put_role_policy("Writer", "all", account.policy("Allow", "*", "*"))

    # When it asks for an operation that does not exist
    answer = account.ask(account.session(), "{}", "StealTable")

    # Then it is refused, and the message says that this is not for lack of a policy
    assert answer.code == "AccessDeniedException"
    assert "local AWS cannot tell" in answer.message


@pytest.mark.parametrize("body", ["nonsense", "[]", '{"TableName": 5.5}', "[" * 100_000])
def test_a_body_that_cannot_be_read_names_no_resource(account: Any, body: str) -> None:
    # Given a session of a role that may put items in one table
    # When it sends something else than DynamoDB takes
    answer = account.ask(account.session(), body)

    # Then what it may do on that table does not help it
    assert answer.code == "AccessDeniedException"
    assert "dynamodb:PutItem on resource: arn:aws:dynamodb:" in answer.message
    assert "cannot tell which resource" in answer.message


SECRET = {"TableName": "Secret", "Item": {"RideId": {"S": "1"}}}


@pytest.mark.parametrize(
    ("url", "body"),
    [
        ("/?TableName=Rides", SECRET),
        ("/", {**SECRET, "IndexName": "Rides", "TransactItems": []}),
        ("/", {**SECRET, "tableName": "Rides"}),
    ],
)
def test_only_what_the_operation_has_names_a_resource(
    account: Any, url: str, body: dict[str, Any]
) -> None:
    # Given a role that may put items into the table Rides
    # When it puts one into another, and names Rides where PutItem does not read
    answer = account.send(account.signed(account.session(), json.dumps(body), url=url), url)

    # Then it is refused
    assert answer.code == "AccessDeniedException"
    assert "table/Secret" in answer.message


@pytest.mark.parametrize("query", ["TableName=Secret", "Action=DeleteTable&TableName=Secret"])
def test_nothing_else_reaches_the_services(account: Any, query: str) -> None:
    # Given a request that names Rides in its body and something else in its query string, which moto would read
    url = f"/?{query}"

    # When it is sent
    answer = account.send(account.signed(account.session(), url=url), url)

    # Then the services get no query string but one that means nothing, and moto reads the body
    assert (answer.status, answer.query) == (200, "-")


@pytest.mark.parametrize(
    ("operator", "key", "value", "status"),
    [
        ("StringEquals", "aws:RequestedRegion", "us-east-1", 200),
        ("StringEquals", "aws:PrincipalAccount", "210987654321", 200),
        ("StringEquals", "aws:PrincipalType", "AssumedRole", 200),
        ("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::210987654321:role/Writer", 200),
        ("Bool", "aws:SecureTransport", "true", 200),
        ("Bool", "aws:SecureTransport", "false", 400),
        ("Null", "aws:username", "false", 400),
        ("Null", "aws:MultiFactorAuthAge", "true", 200),
        ("Bool", "aws:MultiFactorAuthPresent", "false", 200),
        ("IpAddress", "aws:SourceIp", "127.0.0.0/8", 200),
        ("NotIpAddress", "aws:SourceIp", "127.0.0.0/8", 400),
        ("DateGreaterThan", "aws:CurrentTime", "2026-01-01T00:00:00Z", 200),
        ("DateLessThan", "aws:EpochTime", "2020-01-01", 400),
        ("StringLike", "aws:userid", "*:test", 200),
        ("StringEquals", "aws:PrincipalTag/Team", "blue", 200),
        ("StringEquals", "aws:PrincipalTag/Other", "blue", 400),
        ("StringEquals", "aws:ResourceAccount", "210987654321", 200),
        ("ForAllValues:StringEquals", "dynamodb:LeadingKeys", "1", 200),
        ("ForAllValues:StringEquals", "dynamodb:LeadingKeys", "2", 400),
        ("ForAllValues:StringEquals", "dynamodb:Attributes", "RideId", 200),
        ("StringEquals", "dynamodb:ReturnValues", "ALL_OLD", 400),
        ("StringEqualsIfExists", "dynamodb:ReturnValues", "NONE", 200),
        ("Null", "aws:SourceVpce", "true", 200),
        ("StringEquals", "aws:ResourceTag/Env", "test", 200),
        ("StringEquals", "aws:ResourceTag/Env", "live", 400),
        ("Null", "s3:prefix", "true", 200),
        ("Null", "lambda:SourceFunctionArn", "true", 200),
    ],
)
def test_conditions_see_the_request_and_the_principal(
    account: Any, operator: str, key: str, value: str, status: int
) -> None:
    # Given a role that may put items under a condition
    document = json.loads(account.policy("Allow", "dynamodb:PutItem"))
    document["Statement"]["Condition"] = {operator: {key: value}}
    account.iam.put_role_policy("Writer", "write", json.dumps(document))

    # When it puts one
    # Then it depends
    assert account.ask(account.session()).status == status
