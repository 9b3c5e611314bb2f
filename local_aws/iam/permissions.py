"""Which IAM action an API call needs, and on which resources: an extract of AWS's "Service Authorization Reference"."""

import functools
import itertools
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from local_aws import function_name
from local_aws.iam.api_call import ApiCall

# Where IAM's prefix of a service is not botocore's name of it.
_PREFIXES = {
    "apigatewayv2": "apigateway",
    "dynamodbstreams": "dynamodb",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "resourcegroupstaggingapi": "tag",
    "sesv2": "ses",
    "stepfunctions": "states",
}
# Where the action is not named as the operation is.
_ACTIONS = {
    ("lambda", "Invoke"): "InvokeFunction",
    ("lambda", "InvokeWithResponseStream"): "InvokeFunction",
    ("s3", "CompleteMultipartUpload"): "PutObject",
    ("s3", "CreateMultipartUpload"): "PutObject",
    ("s3", "DeleteObjects"): "DeleteObject",
    ("s3", "HeadBucket"): "ListBucket",
    ("s3", "HeadObject"): "GetObject",
    ("s3", "ListBuckets"): "ListAllMyBuckets",
    ("s3", "ListObjects"): "ListBucket",
    ("s3", "ListObjectsV2"): "ListBucket",
    ("s3", "UploadPart"): "PutObject",
}
# The end of the resource's ARN, by parameters of the call: the first whose parameters are all there. A parameter may
# be an ARN itself, which then stands for all that is before it. Not listed: the action is asked for on *.
_RESOURCES = {
    "dynamodb": (
        "table/{TableName}/index/{IndexName}",
        "table/{TableName}",
        "table/{RequestItems}",
        "table/{TargetTableName}",
        "{ResourceArn}",
        "{TableArn}",
        "{BackupArn}",
        "{ExportArn}",
        "{ImportArn}",
    ),
    "dynamodbstreams": ("{StreamArn}",),
    "iam": ("role{Path}{RoleName}", "role/{RoleName}", "user/{UserName}", "{PolicyArn}"),
    "kinesis": ("{StreamARN}", "stream/{StreamName}"),
    "lambda": ("function:{FunctionName}:{Qualifier}", "function:{FunctionName}", "{Resource}"),
    # A group is its streams: "CloudWatch Logs resources and operations" has policies name it as GROUP:*.
    "logs": (
        "log-group:{logGroupName}:log-stream:{logStreamName}",
        "log-group:{logGroupName}:log-stream:",
        "log-group:{logGroupIdentifier}:log-stream:",
        "log-group:{logGroupNames}:log-stream:",
        "log-group:{logGroupIdentifiers}:log-stream:",
        "{resourceArn}",
    ),
    "s3": ("{Bucket}/{Key}", "{Bucket}"),
    "sns": ("{TopicArn}", "{TargetArn}", "{ResourceArn}", "{Name}"),
    "sqs": ("{QueueName}",),
    "stepfunctions": ("{stateMachineArn}", "{executionArn}"),
    "sts": ("{RoleArn}",),
}
# The beginning of the ARN, where a service's have no region or account.
_ARN = "arn:{partition}:{service}:{region}:{account}:"
_ARNS = {"iam": "arn:{partition}:iam::{account}:", "s3": "arn:{partition}:s3:::"}

_TRANSACTION_ACTIONS = {
    "ConditionCheck": "ConditionCheckItem",
    "Delete": "DeleteItem",
    "Get": "GetItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
}
# What they touch is in the text of PartiQL statements, or in a header that names another object: not read here.
_UNREADABLE = {
    ("dynamodb", "BatchExecuteStatement"),
    ("dynamodb", "ExecuteStatement"),
    ("dynamodb", "ExecuteTransaction"),
    ("s3", "CopyObject"),
    ("s3", "UploadPartCopy"),
}


@dataclass(frozen=True)
class Permission:
    """Leave to do an action, such as dynamodb:PutItem, on a resource: an ARN, or * where there is none to name."""

    action: str
    resource: str


def needed(call: ApiCall, partition: str, region: str, account: str) -> list[Permission]:
    """Return every permission that the call needs: one or more; none if that cannot be told."""
    prefix = _PREFIXES.get(call.service, call.service)
    place = {"partition": partition, "service": prefix, "region": region, "account": account}
    return [
        Permission(f"{prefix}:{action}", arn)
        for action, parameters in _actions(call)
        for arn in _resources(call.service, parameters, place)
    ]


def _actions(call: ApiCall) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the actions of the call, each with the parameters that name its resource."""
    if (call.service, call.operation) in _UNREADABLE:
        return []
    if call.service == "dynamodb" and call.parameters.get("TransactItems"):
        return _transaction(call.parameters["TransactItems"])
    action = _ACTIONS.get((call.service, call.operation), call.operation)
    return [(action, {**call.parameters, **_names_within(call)})]


def _names_within(call: ApiCall) -> dict[str, str]:
    """Return the names that are part of a parameter: a queue's of its URL, a function's of a partial ARN or alias."""
    if queue := str(call.parameters.get("QueueUrl", "")).rpartition("/")[2]:
        return {"QueueName": queue}
    named = str(call.parameters.get("FunctionName", ""))
    asked = None if named.startswith("arn:") else function_name.parse(named)
    if call.service != "lambda" or asked is None:
        return {}
    return {
        "FunctionName": asked.name,
        **({"Qualifier": asked.qualifier} if asked.qualifier else {}),
    }


def _transaction(items: Any) -> list[tuple[str, Mapping[str, Any]]]:
    try:
        return [
            (_TRANSACTION_ACTIONS[kind], parameters)
            for item in items
            for kind, parameters in item.items()
        ]
    except (AttributeError, LookupError, TypeError):  # not of the form that DynamoDB takes
        return []


def _resources(
    service: str, parameters: Mapping[str, Any], place: Mapping[str, str]
) -> Iterator[str]:
    for template in _RESOURCES.get(service, ()):
        names = _names(template)
        if all(parameters.get(name) for name in names):
            for values in itertools.product(*(_several(parameters[name]) for name in names)):
                yield _arn(service, template, dict(zip(names, values, strict=True)), place)
            return
    yield "*"


def _arn(service: str, template: str, values: Mapping[str, str], place: Mapping[str, str]) -> str:
    end = template.format_map(values)
    beginning = template.partition("{")[0]
    if end.startswith("arn:", len(beginning)):
        return end.removeprefix(beginning)
    return _ARNS.get(service, _ARN).format_map(place) + end


@functools.cache
def _names(template: str) -> tuple[str, ...]:
    return tuple(name for _, name, _, _ in string.Formatter().parse(template) if name)


def _several(value: Any) -> list[str]:
    """Return the strings of a list, the keys of a map, or the one value."""
    return [str(item) for item in value] if isinstance(value, list | dict) else [str(value)]
