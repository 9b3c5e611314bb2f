"""Rows of AWS's "Service Authorization Reference": which permissions a call needs."""

from typing import Any

import pytest

from local_aws.iam.api_call import ApiCall
from local_aws.iam.permissions import Permission, needed
from local_aws.iam.resource_arns import Place
from local_aws.iam.resources import UnknownResource

DYNAMODB = "arn:aws:dynamodb:us-east-1:123456789012:"
ELSEWHERE = "arn:aws:dynamodb:eu-west-1:210987654321:table/Theirs"
LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:"
LAYER = "arn:aws:lambda:us-east-1:123456789012:layer:l:1"
LOGS = "arn:aws:logs:us-east-1:123456789012:log-group:"
UNKNOWN = UnknownResource("aws", "dynamodb")
PLACE = Place("aws", "us-east-1", "123456789012")
ROLE = "arn:aws:iam::123456789012:role"
ALARMS = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:"
PARAMETERS = "arn:aws:ssm:us-east-1:123456789012:parameter/"
BUSES = "arn:aws:events:us-east-1:123456789012:event-bus/"
RULES = "arn:aws:events:us-east-1:123456789012:rule/"
SECRETS = "arn:aws:secretsmanager:us-east-1:123456789012:secret:"
TOPIC = "arn:aws:sns:us-east-1:123456789012:news"


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "action", "resources"),
    [
        ("dynamodb", "PutItem", {"TableName": "T"}, "dynamodb:PutItem", [f"{DYNAMODB}table/T"]),
        ("dynamodb", "PutItem", {"TableName": ELSEWHERE}, "dynamodb:PutItem", [ELSEWHERE]),
        (
            "dynamodb",
            "Query",
            {"TableName": "T", "IndexName": "I"},
            "dynamodb:Query",
            [f"{DYNAMODB}table/T/index/I"],
        ),
        (
            "dynamodb",
            "Query",
            {"TableName": ELSEWHERE, "IndexName": "I"},
            "dynamodb:Query",
            [f"{ELSEWHERE}/index/I"],
        ),
        (
            "dynamodb",
            "BatchWriteItem",
            {"RequestItems": {"T": [], "U": []}},
            "dynamodb:BatchWriteItem",
            [f"{DYNAMODB}table/T", f"{DYNAMODB}table/U"],
        ),
        (
            "dynamodb",
            "TagResource",
            {"ResourceArn": ELSEWHERE},
            "dynamodb:TagResource",
            [ELSEWHERE],
        ),
        ("dynamodb", "ListTables", {}, "dynamodb:ListTables", ["*"]),
        (
            "dynamodbstreams",
            "DescribeStream",
            {"StreamArn": f"{ELSEWHERE}/stream/1"},
            "dynamodb:DescribeStream",
            [f"{ELSEWHERE}/stream/1"],
        ),
        (
            "logs",
            "PutLogEvents",
            {"logGroupName": "/g", "logStreamName": "s"},
            "logs:PutLogEvents",
            [f"{LOGS}/g:log-stream:s"],
        ),
        (
            "logs",
            "CreateLogGroup",
            {"logGroupName": "/g"},
            "logs:CreateLogGroup",
            [f"{LOGS}/g:log-stream:"],
        ),
        (
            "logs",
            "StartQuery",
            {"logGroupNames": ["/g", "/h"]},
            "logs:StartQuery",
            [f"{LOGS}/g:log-stream:", f"{LOGS}/h:log-stream:"],
        ),
        ("logs", "TagResource", {"resourceArn": f"{LOGS}/g"}, "logs:TagResource", [f"{LOGS}/g"]),
        ("lambda", "Invoke", {"FunctionName": "f"}, "lambda:InvokeFunction", [f"{LAMBDA}f"]),
        (
            "lambda",
            "Invoke",
            {"FunctionName": f"{LAMBDA}f", "Qualifier": "live"},
            "lambda:InvokeFunction",
            [f"{LAMBDA}f:live"],
        ),
        (
            "lambda",
            "Invoke",
            {"FunctionName": "123456789012:function:f:live"},
            "lambda:InvokeFunction",
            [f"{LAMBDA}f:live"],
        ),
        ("s3", "GetObject", {"Bucket": "b", "Key": "k/1"}, "s3:GetObject", ["arn:aws:s3:::b/k/1"]),
        (
            "s3",
            "HeadObject",
            {"Bucket": "b", "Key": "arn:x"},
            "s3:GetObject",
            ["arn:aws:s3:::b/arn:x"],
        ),
        ("s3", "ListObjectsV2", {"Bucket": "b"}, "s3:ListBucket", ["arn:aws:s3:::b"]),
        ("s3", "ListBuckets", {}, "s3:ListAllMyBuckets", ["*"]),
        ("sns", "Publish", {"TopicArn": TOPIC}, "sns:Publish", [TOPIC]),
        ("sns", "CreateTopic", {"Name": "news"}, "sns:CreateTopic", [TOPIC]),
        (
            "sqs",
            "SendMessage",
            {"QueueUrl": "http://127.0.0.1:4566/123456789012/q"},
            "sqs:SendMessage",
            ["arn:aws:sqs:us-east-1:123456789012:q"],
        ),
        ("sts", "AssumeRole", {"RoleArn": f"{ROLE}/r"}, "sts:AssumeRole", [f"{ROLE}/r"]),
        ("iam", "CreateRole", {"RoleName": "r", "Path": "/p/"}, "iam:CreateRole", [f"{ROLE}/p/r"]),
        ("iam", "GetRole", {"RoleName": "r"}, "iam:GetRole", [f"{ROLE}/r"]),
        ("cloudwatch", "PutMetricData", {"Namespace": "N"}, "cloudwatch:PutMetricData", ["*"]),
        (
            "cloudwatch",
            "DeleteAlarms",
            {"AlarmNames": ["a/b", "c"]},
            "cloudwatch:DeleteAlarms",
            [f"{ALARMS}a/b", f"{ALARMS}c"],
        ),
        (
            "cloudwatch",
            "PutDashboard",
            {"DashboardName": "d"},
            "cloudwatch:PutDashboard",
            ["arn:aws:cloudwatch::123456789012:dashboard/d"],
        ),
        ("stepfunctions", "ListActivities", {}, "states:ListActivities", ["*"]),
        ("events", "PutRule", {"Name": "r"}, "events:PutRule", [f"{RULES}r"]),
        (
            "events",
            "PutTargets",
            {"Rule": "r", "EventBusName": "bus"},
            "events:PutTargets",
            [f"{RULES}bus/r"],
        ),
        (
            "events",
            "PutEvents",
            {"Entries": [{}, {"EventBusName": "b"}]},
            "events:PutEvents",
            [f"{BUSES}default", f"{BUSES}b"],
        ),
        ("ssm", "GetParameter", {"Name": "/a/b"}, "ssm:GetParameter", [f"{PARAMETERS}a/b"]),
        (
            "ssm",
            "GetParameters",
            {"Names": ["a", "/b"]},
            "ssm:GetParameters",
            [f"{PARAMETERS}a", f"{PARAMETERS}b"],
        ),
        (
            "secretsmanager",
            "CreateSecret",
            {"Name": "s"},
            "secretsmanager:CreateSecret",
            [f"{SECRETS}s-??????"],
        ),
        (
            "kms",
            "Decrypt",
            {"KeyId": "1234"},
            "kms:Decrypt",
            ["arn:aws:kms:us-east-1:123456789012:key/1234"],
        ),
        (
            "iam",
            "AddUserToGroup",
            {"GroupName": "g", "UserName": "u"},
            "iam:AddUserToGroup",
            ["arn:aws:iam::123456789012:group/g"],
        ),
        (
            "iam",
            "AttachRolePolicy",
            {"RoleName": "r", "PolicyArn": "arn:aws:iam::aws:policy/P"},
            "iam:AttachRolePolicy",
            [f"{ROLE}/r"],
        ),
        (
            "iam",
            "GetPolicy",
            {"PolicyArn": "arn:aws:iam::aws:policy/P"},
            "iam:GetPolicy",
            ["arn:aws:iam::aws:policy/P"],
        ),
        (
            "iam",
            "CreatePolicy",
            {"PolicyName": "P", "Path": "/p/"},
            "iam:CreatePolicy",
            ["arn:aws:iam::123456789012:policy/p/P"],
        ),
        (
            "sqs",
            "SendMessageBatch",
            {"QueueUrl": "http://localhost/123456789012/q"},
            "sqs:SendMessage",
            ["arn:aws:sqs:us-east-1:123456789012:q"],
        ),
        (
            "sqs",
            "CreateQueue",
            {"QueueName": "q"},
            "sqs:CreateQueue",
            ["arn:aws:sqs:us-east-1:123456789012:q"],
        ),
        ("sns", "Publish", {"TargetArn": TOPIC}, "sns:Publish", [TOPIC]),
        (
            "sns",
            "GetSubscriptionAttributes",
            {"SubscriptionArn": f"{TOPIC}:1-2"},
            "sns:GetSubscriptionAttributes",
            [TOPIC],
        ),
        (
            "s3",
            "GetObject",
            {"Bucket": "b", "Key": "k", "VersionId": "1"},
            "s3:GetObjectVersion",
            ["arn:aws:s3:::b/k"],
        ),
        ("s3", "PutBucketCors", {"Bucket": "b"}, "s3:PutBucketCORS", ["arn:aws:s3:::b"]),
        ("lambda", "ListTags", {"Resource": f"{LAMBDA}f"}, "lambda:ListTags", [f"{LAMBDA}f"]),
        (
            "lambda",
            "GetLayerVersion",
            {"LayerName": "l", "VersionNumber": 3},
            "lambda:GetLayerVersion",
            ["arn:aws:lambda:us-east-1:123456789012:layer:l:3"],
        ),
        (
            "apigateway",
            "GetResources",
            {"restApiId": "a1"},
            "apigateway:GET",
            ["arn:aws:apigateway:us-east-1::/restapis/a1/resources"],
        ),
        (
            "apigatewayv2",
            "CreateRoute",
            {"ApiId": "a1"},
            "apigateway:POST",
            ["arn:aws:apigateway:us-east-1::/apis/a1/routes"],
        ),
        (
            "kinesis",
            "PutRecord",
            {"StreamName": "s"},
            "kinesis:PutRecord",
            ["arn:aws:kinesis:us-east-1:123456789012:stream/s"],
        ),
        (
            "cognito-idp",
            "DescribeUserPool",
            {"UserPoolId": "us-east-1_x"},
            "cognito-idp:DescribeUserPool",
            ["arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_x"],
        ),
        (
            "codedeploy",
            "GetDeploymentGroup",
            {"applicationName": "a", "deploymentGroupName": "g"},
            "codedeploy:GetDeploymentGroup",
            ["arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:a/g"],
        ),
        (
            "stepfunctions",
            "StartExecution",
            {"stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:m"},
            "states:StartExecution",
            ["arn:aws:states:us-east-1:123456789012:stateMachine:m"],
        ),
    ],
)
def test_a_call_needs_an_action_on_its_resources(
    service: str, operation: str, parameters: dict[str, Any], action: str, resources: list[str]
) -> None:
    # Given a call
    call = ApiCall(service, operation, parameters)

    # When it is looked up
    found = needed(call, PLACE)

    # Then it needs that action on each resource it names
    assert found == [Permission(action, resource) for resource in resources]


def test_each_part_of_a_transaction_needs_its_own_action() -> None:
    # Given a transaction over two tables
    items = [{"Put": {"TableName": "T"}}, {"ConditionCheck": {"TableName": "U"}}]

    # When it is looked up
    call = ApiCall("dynamodb", "TransactWriteItems", {"TransactItems": items})
    found = needed(call, PLACE)

    # Then it needs what its parts would need by themselves
    assert found == [
        Permission("dynamodb:PutItem", f"{DYNAMODB}table/T"),
        Permission("dynamodb:ConditionCheckItem", f"{DYNAMODB}table/U"),
    ]


def test_a_table_in_s3_needs_permissions_there() -> None:
    # Given an export of a table to a bucket, and an import from it
    exported = {"TableArn": f"{DYNAMODB}table/T", "S3Bucket": "b", "S3Prefix": "p"}
    imported = {
        "S3BucketSource": {"S3Bucket": "b", "S3KeyPrefix": "p"},
        "TableCreationParameters": {"TableName": "T"},
    }

    # When they are looked up
    # Then they need to write, and to read
    assert needed(ApiCall("dynamodb", "ExportTableToPointInTime", exported), PLACE) == [
        Permission("dynamodb:ExportTableToPointInTime", f"{DYNAMODB}table/T"),
        Permission("s3:PutObject", "arn:aws:s3:::b/p/AWSDynamoDB/*"),
    ]
    assert needed(ApiCall("dynamodb", "ImportTable", imported), PLACE) == [
        Permission("dynamodb:ImportTable", f"{DYNAMODB}table/T"),
        Permission("s3:ListBucket", "arn:aws:s3:::b"),
        Permission("s3:GetObject", "arn:aws:s3:::b/p*"),
    ]


def test_a_copy_needs_to_read_and_to_write() -> None:
    # Given a copy within S3, and one that deletes
    copy = {"Bucket": "b", "Key": "k", "CopySource": "/other/a%20b?versionId=3"}
    deleted = {"Bucket": "b", "Delete": {"Objects": [{"Key": "a"}, {"Key": "b", "VersionId": "1"}]}}

    # When they are looked up
    # Then each object needs its own permission
    assert needed(ApiCall("s3", "CopyObject", copy), PLACE) == [
        Permission("s3:PutObject", "arn:aws:s3:::b/k"),
        Permission("s3:GetObjectVersion", "arn:aws:s3:::other/a b"),
    ]
    assert needed(ApiCall("s3", "DeleteObjects", deleted), PLACE) == [
        Permission("s3:DeleteObject", "arn:aws:s3:::b/a"),
        Permission("s3:DeleteObjectVersion", "arn:aws:s3:::b/b"),
    ]


@pytest.mark.parametrize(
    ("operation", "parameters", "read"),
    [
        (
            "CreateFunction",
            {"FunctionName": "f", "Code": {"S3Bucket": "b", "S3Key": "k"}},
            Permission("s3:GetObject", "arn:aws:s3:::b/k"),
        ),
        (
            "UpdateFunctionCode",
            {"FunctionName": "f", "S3Bucket": "b", "S3Key": "k", "S3ObjectVersion": "1"},
            Permission("s3:GetObjectVersion", "arn:aws:s3:::b/k"),
        ),
        (
            "PublishLayerVersion",
            {"LayerName": "l", "Content": {"S3Bucket": "b", "S3Key": "k"}},
            Permission("s3:GetObject", "arn:aws:s3:::b/k"),
        ),
        (
            "UpdateFunctionConfiguration",
            {"FunctionName": "f", "Layers": [LAYER]},
            Permission("lambda:GetLayerVersion", LAYER),
        ),
    ],
)
def test_who_gives_a_function_its_code_must_be_allowed_to_read_it(
    operation: str, parameters: dict[str, Any], read: Permission
) -> None:
    # Given a call that names an object in S3, or a layer
    # When it is looked up
    _, found = needed(ApiCall("lambda", operation, parameters), PLACE)

    # Then it needs to read that as well
    assert found == read


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("lambda", "CreateFunction", {"FunctionName": "f", "Role": f"{ROLE}/r"}),
        ("lambda", "UpdateFunctionConfiguration", {"FunctionName": "f", "Role": f"{ROLE}/r"}),
        ("stepfunctions", "CreateStateMachine", {"name": "m", "roleArn": f"{ROLE}/r"}),
        ("iam", "AddRoleToInstanceProfile", {"InstanceProfileName": "p", "RoleName": "r"}),
        ("events", "PutTargets", {"Rule": "x", "Targets": [{"Id": "1", "RoleArn": f"{ROLE}/r"}]}),
    ],
)
def test_who_hands_a_role_to_a_service_must_be_allowed_to_pass_it(
    service: str, operation: str, parameters: dict[str, Any]
) -> None:
    # Given a call that gives a service a role
    # When it is looked up
    found = needed(ApiCall(service, operation, parameters), PLACE)

    # Then it needs iam:PassRole on the role
    assert found[-1] == Permission("iam:PassRole", f"{ROLE}/r")
    assert len(found) == 2


@pytest.mark.parametrize(
    ("call", "permission"),
    [
        (
            ApiCall("dynamodb", "ExecuteStatement", {"Statement": 'select * FROM "T"'}),
            Permission("dynamodb:PartiQLSelect", UNKNOWN),
        ),
        (
            ApiCall("dynamodb", "ExecuteStatement", {"Statement": "DROP"}),
            Permission("dynamodb:ExecuteStatement", UNKNOWN, guessed=True),
        ),
        (
            ApiCall("dynamodb", "TransactWriteItems", {"TransactItems": [{"Steal": {}}]}),
            Permission("dynamodb:TransactWriteItems", UNKNOWN, guessed=True),
        ),
        (
            ApiCall("dynamodb", "TransactWriteItems", {"TransactItems": "nonsense"}),
            Permission("dynamodb:TransactWriteItems", UNKNOWN, guessed=True),
        ),
        (
            ApiCall("dynamodb", "DescribeBulkOperation", {}),
            Permission("dynamodb:DescribeBulkOperation", UNKNOWN, guessed=True),
        ),
        (ApiCall("dynamodb", "GetItem", {}), Permission("dynamodb:GetItem", UNKNOWN)),
        # moto takes the last part of such a name
        (
            ApiCall("dynamodb", "GetItem", {"TableName": "arn:x/Secret"}),
            Permission("dynamodb:GetItem", UNKNOWN),
        ),
        (
            ApiCall("dynamodb", "Query", {"TableName": "a/Secret", "IndexName": "i"}),
            Permission("dynamodb:Query", UNKNOWN),
        ),
    ],
    ids=str,
)
def test_what_cannot_be_derived_is_unknown(call: ApiCall, permission: Permission) -> None:
    # Given a call whose action or resource cannot be derived
    # When it is looked up
    # Then nothing is made up
    assert needed(call, PLACE) == [permission]


def test_a_user_who_names_none_asks_for_itself() -> None:
    # Given a user, who leaves out the name
    user = "arn:aws:iam::123456789012:user/path/zoe"
    place = Place("aws", "us-east-1", "123456789012", user)

    # When the user lists access keys
    found = needed(ApiCall("iam", "ListAccessKeys", {}), place)

    # Then they are the user's own
    assert found == [Permission("iam:ListAccessKeys", user)]
