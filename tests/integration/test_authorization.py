"""The local AWS enforces the policies of roles, and SDKs understand its errors. These tests use no unicorns."""

import contextlib
import json
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from http.client import HTTPConnection
from typing import Any

import boto3
import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
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

    # Then the answer says so
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


def grant(role: Role, **statement: Any) -> str:
    """Return a resource's policy that allows the role's sessions something."""
    allowed = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/{role.name}"},
        **statement,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [allowed]})


def test_a_resources_policy_may_allow_what_the_role_does_not(role: Role) -> None:
    # Given a bucket, a queue and a topic, and their policies, which allow a role what its own do not
    s3, sqs, sns = (role.client(service) for service in ("s3", "sqs", "sns"))
    url = sqs.create_queue(QueueName=role.name)["QueueUrl"]
    queue_arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{role.name}"
    session = role.session()
    attempts: dict[str, Callable[[], Any]] = {
        "s3": lambda: session.client("s3").list_objects_v2(Bucket=role.name),
        "sqs": lambda: session.client("sqs").send_message(QueueUrl=url, MessageBody="m"),
        "sns": lambda: session.client("sns").get_topic_attributes(TopicArn=role.topic),
    }
    before = [refusal(attempt)["Error"]["Code"] for attempt in attempts.values()]

    # When each allows it
    bucket_arn = f"arn:aws:s3:::{role.name}"
    policy = grant(role, Action="s3:ListBucket", Resource=bucket_arn)
    s3.put_bucket_policy(Bucket=role.name, Policy=policy)
    policy = grant(role, Action="sqs:SendMessage", Resource=queue_arn)
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    policy = grant(role, Action="sns:GetTopicAttributes", Resource=role.topic)
    sns.set_topic_attributes(TopicArn=role.topic, AttributeName="Policy", AttributeValue=policy)
    for attempt in attempts.values():
        attempt()

    # Then it is allowed; and what a bucket's policy denies is denied, though the role may do it
    policy = grant(role, Effect="Deny", Action="s3:PutObject", Resource=f"{bucket_arn}/*")
    s3.put_bucket_policy(Bucket=role.name, Policy=policy)
    denied = refusal(lambda: session.client("s3").put_object(Bucket=role.name, Key="k", Body=b""))
    s3.delete_bucket_policy(Bucket=role.name)
    sqs.delete_queue(QueueUrl=url)
    assert before == ["AccessDenied"] * 3
    assert "with an explicit deny in a resource-based policy" in denied["Error"]["Message"]


def test_a_keys_policy_decides_alone(role: Role) -> None:
    # Given a role that may use every key, and a key that is for somebody else
    iam, kms = role.client("iam"), role.client("kms")
    everything = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": everything})
    iam.put_role_policy(RoleName=role.name, PolicyName="keys", PolicyDocument=document)
    default = kms.create_key()["KeyMetadata"]["KeyId"]
    policy = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/zoe"},
                "Action": "kms:*",
                "Resource": "*",
            },
        }
    )
    private = kms.create_key(Policy=policy)["KeyMetadata"]["KeyId"]

    # When it uses a key of the account, and that one
    client = role.session().client("kms")
    client.encrypt(KeyId=default, Plaintext=b"p")
    error = refusal(lambda: client.encrypt(KeyId=private, Plaintext=b"p"))["Error"]
    iam.delete_role_policy(RoleName=role.name, PolicyName="keys")

    # Then the key's policy must let it in
    assert error["Code"] == "AccessDeniedException"
    assert error["Message"].endswith(
        "because no resource-based policy allows the kms:Encrypt action"
    )


def test_a_trust_policy_decides_who_may_assume_a_role(role: Role) -> None:
    # Given a role that may assume every role, and two roles: one trusts the account, the other Lambda alone
    iam = role.client("iam")
    everything = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": everything})
    iam.put_role_policy(RoleName=role.name, PolicyName="assume", PolicyDocument=document)
    trust = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
    trusting = f"{role.name}-trusting"
    iam.create_role(
        RoleName=trusting,
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": trust}),
    )

    # When it assumes them, and one that does not exist
    sts = role.session().client("sts")

    def assume(name: str) -> Any:
        arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
        return sts.assume_role(RoleArn=arn, RoleSessionName="other")

    assumed = assume(trusting)["AssumedRoleUser"]["Arn"]
    errors = [refusal(partial(assume, name))["Error"] for name in (role.name, "none")]
    iam.delete_role(RoleName=trusting)
    iam.delete_role_policy(RoleName=role.name, PolicyName="assume")

    # Then only a role that trusts it is assumed
    assert assumed == f"arn:aws:sts::{ACCOUNT}:assumed-role/{trusting}/other"
    assert [error["Code"] for error in errors] == ["AccessDenied"] * 2
    assert "because no resource-based policy allows" in errors[0]["Message"]


def test_a_functions_policy_may_let_a_role_in(deploy: Callable[..., Deployed], role: Role) -> None:
    # Given a function that a role may not invoke
    function = deploy("probe.py")
    client = role.session().client("lambda")
    error = refusal(lambda: client.invoke(FunctionName=function.name))["Error"]

    # When the function's policy allows it
    function.client("lambda").add_permission(
        FunctionName=function.name,
        StatementId="role",
        Action="lambda:InvokeFunction",
        Principal=f"arn:aws:iam::{ACCOUNT}:role/{role.name}",
    )
    answer = client.invoke(FunctionName=function.name)
    # An unread answer keeps its connection, which would be reported as unclosed in a later test.
    answer["Payload"].read()

    # Then the role may invoke it
    assert error["Code"] == "AccessDeniedException"
    assert answer["StatusCode"] == 200


def test_a_topic_needs_permission_to_invoke_a_function(
    deploy: Callable[..., Deployed], client: Client
) -> None:
    # Given a function that subscribes to a topic without a permission for it
    function = deploy("probe.py")
    sns = client("sns")
    topic = sns.create_topic(Name=function.name)["TopicArn"]
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function.name}"
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)

    # When messages are published before and after it is given
    sns.publish(TopicArn=topic, Message="before")
    function.client("lambda").add_permission(
        FunctionName=function.name,
        StatementId="topic",
        Action="lambda:InvokeFunction",
        Principal="sns.amazonaws.com",
        SourceArn=topic,
    )
    sns.publish(TopicArn=topic, Message="after")

    # Then the function has run once
    deadline = time.monotonic() + 20
    while not (ran := runs(function)) and time.monotonic() < deadline:
        time.sleep(0.1)
    sns.delete_topic(TopicArn=topic)
    assert ran == 1


def runs(function: Deployed) -> int:
    events = function.client("logs").filter_log_events(logGroupName=function.log_group)["events"]
    return sum(event["message"].startswith("REPORT") for event in events)


def test_what_is_aws_own_changes_for_nobody(role: Role) -> None:
    # Given the administrator
    iam = role.client("iam")
    policy = "arn:aws:iam::aws:policy/AdministratorAccess"

    # When AWS's own policies and roles are to be changed
    errors = [
        refusal(partial(iam.delete_policy, PolicyArn=policy)),
        refusal(
            partial(
                iam.create_role,
                RoleName="AWSServiceRoleForRides",
                Path="/aws-service-role/rides.amazonaws.com/",
                AssumeRolePolicyDocument=json.dumps(TRUST_LAMBDA),
            )
        ),
    ]

    # Then nobody may
    assert [error["Error"]["Code"] for error in errors] == ["AccessDenied"] * 2
    assert iam.get_policy(PolicyArn=policy)["Policy"]["Arn"] == policy


def test_a_presigned_url_reaches_the_service_that_it_is_signed_for(role: Role) -> None:
    # Given a presigned URL with which a session asks who it is
    session = role.session()
    request = AWSRequest("GET", f"{session.endpoint}/?Action=GetCallerIdentity&Version=2011-06-15")
    credentials = Credentials(
        session.access_key_id, session.secret_access_key, session.session_token
    )
    SigV4QueryAuth(credentials, "sts", REGION, expires=60).add_auth(request)
    address, _, path = str(request.url).removeprefix("http://").partition("/")

    # When it is opened
    with contextlib.closing(HTTPConnection(address)) as connection:
        connection.request("GET", f"/{path}")
        answer = connection.getresponse()
        body = answer.read().decode()

    # Then STS answers
    assert answer.status == 200
    assert f"assumed-role/{role.name}/test" in body
