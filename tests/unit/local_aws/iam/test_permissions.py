"""Rows of AWS's "Service Authorization Reference": what a call needs leave for, and on what."""

from typing import Any

import pytest

from local_aws.iam.api_call import ApiCall
from local_aws.iam.permissions import Permission, needed

DYNAMODB = "arn:aws:dynamodb:us-east-1:123456789012:"
ELSEWHERE = "arn:aws:dynamodb:eu-west-1:210987654321:table/Theirs"
LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:"
LOGS = "arn:aws:logs:us-east-1:123456789012:log-group:"
ROLE = "arn:aws:iam::123456789012:role"
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
        ("stepfunctions", "ListActivities", {}, "states:ListActivities", ["*"]),
    ],
)
def test_a_call_needs_an_action_on_its_resources(
    service: str, operation: str, parameters: dict[str, Any], action: str, resources: list[str]
) -> None:
    # Given a call
    call = ApiCall(service, operation, parameters)

    # When it is looked up
    found = needed(call, "aws", "us-east-1", "123456789012")

    # Then it needs that action on each resource it names
    assert found == [Permission(action, resource) for resource in resources]


def test_each_part_of_a_transaction_needs_its_own_action() -> None:
    # Given a transaction over two tables
    items = [{"Put": {"TableName": "T"}}, {"ConditionCheck": {"TableName": "U"}}]

    # When it is looked up
    call = ApiCall("dynamodb", "TransactWriteItems", {"TransactItems": items})
    found = needed(call, "aws", "us-east-1", "123456789012")

    # Then it needs what its parts would need by themselves
    assert found == [
        Permission("dynamodb:PutItem", f"{DYNAMODB}table/T"),
        Permission("dynamodb:ConditionCheckItem", f"{DYNAMODB}table/U"),
    ]


@pytest.mark.parametrize(
    "call",
    [
        ApiCall("dynamodb", "ExecuteStatement", {"Statement": 'SELECT * FROM "T"'}),
        ApiCall("s3", "CopyObject", {"Bucket": "b", "Key": "k"}),
        ApiCall("dynamodb", "TransactWriteItems", {"TransactItems": [{"Steal": {}}]}),
        ApiCall("dynamodb", "TransactWriteItems", {"TransactItems": "nonsense"}),
    ],
    ids=str,
)
def test_what_a_call_needs_may_be_beyond_telling(call: ApiCall) -> None:
    # Given a call whose resources cannot be told
    # When it is looked up
    # Then nothing is made up
    assert needed(call, "aws", "us-east-1", "123456789012") == []
