"""The policies of roles hold on the local AWS, and SDKs understand the refusals. These tests know no unicorns."""

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.integration.deployed import TRUST_LAMBDA, Client, Deployed

REGION = "us-east-1"
ACCOUNT = "123456789012"
# A refusal is not tried again, and the server's validation is what is tested.
ONCE = Config(parameter_validation=False, retries={"total_max_attempts": 1})


@dataclass(frozen=True)
class Session:
    """Credentials of a role, and the local AWS they are for."""

    endpoint: str
    access_key_id: str
    secret_access_key: str
    session_token: str | None

    def client(self, service: str) -> Any:
        return boto3.client(  # type: ignore[call-overload] # any service
            service,
            region_name=REGION,
            endpoint_url=self.endpoint,
            aws_access_key_id=self.access_key_id,
            aws_secret_access_key=self.secret_access_key,
            aws_session_token=self.session_token,
            config=ONCE,
        )


@dataclass(frozen=True)
class Role:
    """A role with one inline policy, and one table, bucket and topic that it may use in one way each."""

    name: str
    client: Client
    endpoint: str

    @property
    def topic(self) -> str:
        return f"arn:aws:sns:{REGION}:{ACCOUNT}:{self.name}"

    def session(self, **options: Any) -> Session:
        sts = boto3.client(
            "sts",
            region_name=REGION,
            endpoint_url=self.endpoint,
            aws_access_key_id="local",
            aws_secret_access_key="local",
            config=ONCE,
        )
        given = sts.assume_role(
            RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{self.name}", RoleSessionName="test", **options
        )["Credentials"]
        return Session(
            self.endpoint, given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]
        )


@pytest.fixture(scope="module")
def role(endpoint: str, client: Client) -> Iterator[Role]:
    """Give a role and its resources, which the deployer makes and removes."""
    role = Role(f"role-{uuid.uuid4().hex[:8]}", client, endpoint)
    name = role.name
    may = {
        "dynamodb:PutItem": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}",
        "s3:PutObject": f"arn:aws:s3:::{name}/*",
        "sns:Publish": role.topic,
        "lambda:GetFunction": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}",
    }
    statements = [
        {"Effect": "Allow", "Action": may_do, "Resource": on} for may_do, on in may.items()
    ]
    iam, dynamodb, s3, sns = map(client, ("iam", "dynamodb", "s3", "sns"))
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST_LAMBDA))
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_role_policy(RoleName=name, PolicyName="may", PolicyDocument=document)
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    s3.create_bucket(Bucket=name)
    sns.create_topic(Name=name)
    yield role
    sns.delete_topic(TopicArn=role.topic)
    for content in s3.list_objects_v2(Bucket=name).get("Contents", []):
        s3.delete_object(Bucket=name, Key=content["Key"])
    s3.delete_bucket(Bucket=name)
    dynamodb.delete_table(TableName=name)
    iam.delete_role_policy(RoleName=name, PolicyName="may")
    iam.delete_role(RoleName=name)


def refusal(ask: Callable[[], Any]) -> dict[str, Any]:
    with pytest.raises(ClientError) as refused:
        ask()
    return dict(refused.value.response)


def test_what_the_role_may_do_is_done(role: Role) -> None:
    # Given a session of the role
    session = role.session()

    # When it does what its policy allows, in each protocol
    session.client("dynamodb").put_item(TableName=role.name, Item={"Id": {"S": "schön"}})
    session.client("s3").put_object(Bucket=role.name, Key="a b/ü+%2F?.txt", Body=b"content")
    published = session.client("sns").publish(TopicArn=role.topic, Message="a & b")
    missing = refusal(lambda: session.client("lambda").get_function(FunctionName=role.name))

    # Then it is done; what is not there is not found, rather than refused
    items = role.client("dynamodb").scan(TableName=role.name)["Items"]
    assert items == [{"Id": {"S": "schön"}}]
    stored = role.client("s3").get_object(Bucket=role.name, Key="a b/ü+%2F?.txt")
    assert stored["Body"].read() == b"content"
    assert published["MessageId"]
    assert missing["Error"]["Code"] == "ResourceNotFoundException"


def test_anyone_may_ask_who_they_are(role: Role) -> None:
    # Given a session of a role that no policy allows to ask
    # When it asks
    identity = role.session().client("sts").get_caller_identity()

    # Then it is told
    assert identity["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/{role.name}/test"


# Service, operation and parameters; {} stands for the role's name.
DENIED = [
    (
        ("dynamodb", "delete_item", {"TableName": "{}", "Key": {"Id": {"S": "1"}}}),
        ("dynamodb:DeleteItem", f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{{}}"),
        ("AccessDeniedException", 400),
    ),
    (
        ("logs", "put_log_events", {"logGroupName": "g", "logStreamName": "s", "logEvents": []}),
        ("logs:PutLogEvents", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:g:log-stream:s"),
        ("AccessDeniedException", 400),
    ),
    (
        ("lambda", "invoke", {"FunctionName": "{}", "Payload": b'{"Qualifier": "mine"}'}),
        ("lambda:InvokeFunction", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{{}}"),
        ("AccessDeniedException", 403),
    ),
    (
        ("iam", "delete_role", {"RoleName": "{}"}),
        ("iam:DeleteRole", f"arn:aws:iam::{ACCOUNT}:role/{{}}"),
        ("AccessDenied", 403),
    ),
    (
        ("sns", "delete_topic", {"TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:{{}}"}),
        ("sns:DeleteTopic", f"arn:aws:sns:{REGION}:{ACCOUNT}:{{}}"),
        ("AccessDenied", 403),
    ),
    (
        ("sqs", "send_message", {"QueueUrl": f"http://127.0.0.1/{ACCOUNT}/q", "MessageBody": "m"}),
        ("sqs:SendMessage", f"arn:aws:sqs:{REGION}:{ACCOUNT}:q"),
        ("AccessDenied", 400),
    ),
    (
        ("s3", "get_object", {"Bucket": "{}", "Key": "a&b"}),
        ("s3:GetObject", "arn:aws:s3:::{}/a&b"),
        ("AccessDenied", 403),
    ),
    (
        ("cloudwatch", "put_metric_data", {"Namespace": "N", "MetricData": []}),
        ("cloudwatch:PutMetricData", "*"),
        ("AccessDenied", 400),
    ),
    (("ec2", "describe_vpcs", {}), ("ec2:DescribeVpcs", "*"), ("UnauthorizedOperation", 403)),
]


@pytest.mark.parametrize(
    ("call", "permission", "error"), DENIED, ids=[f"{call[0]}-{call[1]}" for call, _, _ in DENIED]
)
def test_what_the_role_may_not_do_is_refused_in_the_services_own_protocol(
    role: Role,
    call: tuple[str, str, dict[str, Any]],
    permission: tuple[str, str],
    error: tuple[str, int],
) -> None:
    # Given a client with the role's credentials
    service, operation, template = call
    parameters = {
        name: value.replace("{}", role.name) if isinstance(value, str) else value
        for name, value in template.items()
    }
    client = role.session().client(service)

    # When it asks for what no policy allows
    answer = refusal(lambda: getattr(client, operation)(**parameters))

    # Then boto3 finds AWS's code and sentence in the answer
    action, resource = permission
    assert answer["Error"]["Code"] == error[0]
    assert answer["Error"]["Message"] == (
        f"User: arn:aws:sts::{ACCOUNT}:assumed-role/{role.name}/test is not authorized to perform: {action} "
        f"on resource: {resource.replace('{}', role.name)} because no identity-based policy allows the {action} action"
    )
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == error[1]


def test_a_refused_head_request_has_no_body(role: Role) -> None:
    # Given a session of the role
    # When it asks for an object's headers, which S3 answers without a body
    answer = refusal(lambda: role.session().client("s3").head_object(Bucket=role.name, Key="k"))

    # Then the status is all there is
    assert answer["Error"]["Code"] == "403"


def expired(role: Role) -> Session:
    return role.session(DurationSeconds=-1)


def unknown(role: Role) -> Session:
    return replace(role.session(), access_key_id="ASIAZZZZZZZZZZZZZZZZ")


def without_token(role: Role) -> Session:
    return replace(role.session(), session_token=None)


def wrong_secret(role: Role) -> Session:
    return replace(role.session(), secret_access_key="wrong")


@pytest.mark.parametrize(
    ("service", "operation", "codes"),
    [
        (
            "dynamodb",
            "list_tables",
            ("ExpiredTokenException", "UnrecognizedClientException", "InvalidSignatureException"),
        ),
        (
            "lambda",
            "list_functions",
            ("ExpiredTokenException", "UnrecognizedClientException", "InvalidSignatureException"),
        ),
        ("iam", "list_roles", ("ExpiredToken", "InvalidClientTokenId", "SignatureDoesNotMatch")),
        ("sqs", "list_queues", ("ExpiredToken", "InvalidClientTokenId", "SignatureDoesNotMatch")),
        ("s3", "list_buckets", ("ExpiredToken", "InvalidAccessKeyId", "SignatureDoesNotMatch")),
    ],
)
def test_credentials_that_are_not_good_are_refused_in_the_services_own_protocol(
    role: Role, service: str, operation: str, codes: tuple[str, str, str]
) -> None:
    # Given credentials that have expired, are unknown, lack their token or have another secret
    sessions = [make(role) for make in (expired, unknown, without_token, wrong_secret)]

    # When they are used
    found = [
        refusal(getattr(session.client(service), operation))["Error"]["Code"]
        for session in sessions
    ]

    # Then boto3 finds AWS's codes
    assert found == [codes[0], codes[1], codes[1], codes[2]]


def test_lines_that_the_role_may_not_log_are_lost_but_for_the_tail(
    deploy: Callable[..., Deployed],
) -> None:
    # Given a function whose role is denied writing to the log
    function = deploy("probe.py")
    statement = {"Effect": "Deny", "Action": "logs:PutLogEvents", "Resource": "*"}
    function.client("iam").put_role_policy(
        RoleName=function.name,
        PolicyName="silence",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statement}),
    )

    # When it is called
    answer = function.invoke(LogType="Tail")
    function.client("iam").delete_role_policy(RoleName=function.name, PolicyName="silence")

    # Then the caller gets the tail, and the log group has no line
    events = function.client("logs").filter_log_events(logGroupName=function.log_group)["events"]
    assert answer["LogResult"]
    assert events == []


def test_managed_session_policies_narrow_the_session(role: Role) -> None:
    # Given sessions narrowed by managed policies
    reader = role.session(
        PolicyArns=[{"arn": "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess"}]
    )
    writer = role.session(
        PolicyArns=[{"arn": "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess_v2"}]
    )
    put = {"TableName": role.name, "Item": {"Id": {"S": "session"}}}

    # When they put an item, which the role may
    error = refusal(lambda: reader.client("dynamodb").put_item(**put))["Error"]
    writer.client("dynamodb").put_item(**put)

    # Then their policies must allow it too
    assert error["Code"] == "AccessDeniedException"
    assert error["Message"].endswith("because no session policy allows the dynamodb:PutItem action")


def test_a_boundary_narrows_a_user(role: Role, endpoint: str) -> None:
    # Given a user who may do everything, within a boundary
    iam = role.client("iam")
    iam.create_user(
        UserName=role.name, PermissionsBoundary="arn:aws:iam::aws:policy/AmazonSNSFullAccess"
    )
    iam.attach_user_policy(
        UserName=role.name, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"
    )
    key = iam.create_access_key(UserName=role.name)["AccessKey"]
    user = Session(endpoint, key["AccessKeyId"], key["SecretAccessKey"], None)

    # When the user asks for what the boundary allows, and for something else, with it and without it
    boundary = iam.get_user(UserName=role.name)["User"]["PermissionsBoundary"]
    user.client("sns").list_topics()
    error = refusal(user.client("dynamodb").list_tables)["Error"]
    iam.delete_user_permissions_boundary(UserName=role.name)
    user.client("dynamodb").list_tables()
    iam.put_user_permissions_boundary(
        UserName=role.name, PermissionsBoundary=boundary["PermissionsBoundaryArn"]
    )
    again = refusal(user.client("dynamodb").list_tables)["Error"]
    iam.delete_access_key(UserName=role.name, AccessKeyId=key["AccessKeyId"])
    iam.detach_user_policy(
        UserName=role.name, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"
    )
    iam.delete_user(UserName=role.name)

    # Then the boundary must allow it too
    assert error == again
    assert "because no permissions boundary allows the dynamodb:ListTables" in error["Message"]
