"""Which IAM actions an API call needs, each with the parameters that name its resources.

Most operations need the action of the same name. The exceptions are from the "Service Authorization Reference" and the
guides of S3, DynamoDB ("PartiQL" and "Transactions"), Lambda, SNS, SQS and KMS.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from local_aws.iam import reference
from local_aws.iam.api_call import ApiCall
from local_aws.iam.operations import operation_of


@dataclass(frozen=True)
class Need:
    """An action of a service, such as PutItem, with the parameters that name its resources, and condition keys.

    With `guessed`, the reference has no such action.
    """

    service: str
    action: str
    parameters: Mapping[str, Any]
    guessed: bool = False
    keys: Mapping[str, str] = field(default_factory=dict)


_RENAMED = {
    "cloudfront": {"CreateDistributionWithTags": "CreateDistribution"},
    "kms": {"ReEncrypt": "ReEncryptFrom"},
    "lambda": {
        "GetLayerVersionByArn": "GetLayerVersion",
        "Invoke": "InvokeFunction",
        "InvokeWithResponseStream": "InvokeFunction",
    },
    "s3": {
        "CompleteMultipartUpload": "PutObject",
        "CreateMultipartUpload": "PutObject",
        "DeleteBucketCors": "PutBucketCORS",
        "DeleteBucketEncryption": "PutEncryptionConfiguration",
        "DeleteBucketLifecycle": "PutLifecycleConfiguration",
        "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
        "DeleteBucketReplication": "PutReplicationConfiguration",
        "DeleteBucketTagging": "PutBucketTagging",
        "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
        "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
        "GetBucketCors": "GetBucketCORS",
        "GetBucketEncryption": "GetEncryptionConfiguration",
        "GetBucketLifecycle": "GetLifecycleConfiguration",
        "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
        "GetBucketNotificationConfiguration": "GetBucketNotification",
        "GetBucketReplication": "GetReplicationConfiguration",
        "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
        "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
        "HeadBucket": "ListBucket",
        "HeadObject": "GetObject",
        "ListBuckets": "ListAllMyBuckets",
        "ListMultipartUploads": "ListBucketMultipartUploads",
        "ListObjectVersions": "ListBucketVersions",
        "ListObjects": "ListBucket",
        "ListObjectsV2": "ListBucket",
        "ListParts": "ListMultipartUploadParts",
        "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
        "PutBucketCors": "PutBucketCORS",
        "PutBucketEncryption": "PutEncryptionConfiguration",
        "PutBucketLifecycle": "PutLifecycleConfiguration",
        "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
        "PutBucketNotificationConfiguration": "PutBucketNotification",
        "PutBucketReplication": "PutReplicationConfiguration",
        "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
        "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
        "SelectObjectContent": "GetObject",
        "UploadPart": "PutObject",
    },
    "sns": {"PublishBatch": "Publish"},
    "sqs": {
        "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
        "DeleteMessageBatch": "DeleteMessage",
        "SendMessageBatch": "SendMessage",
    },
}
_TRANSACTION_ACTIONS = {
    "ConditionCheck": "ConditionCheckItem",
    "Delete": "DeleteItem",
    "Get": "GetItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
}
_PARTIQL_ACTIONS = {
    "SELECT": "PartiQLSelect",
    "INSERT": "PartiQLInsert",
    "UPDATE": "PartiQLUpdate",
    "DELETE": "PartiQLDelete",
}


def needs(call: ApiCall) -> list[Need]:
    """Return the actions that the call needs, one or more."""
    service = reference.prefix(call.service)
    if special := _SPECIAL.get((call.service, call.operation)):
        return list(special(call))
    if service == "apigateway":
        return [_api_gateway(call)]
    name = _RENAMED.get(call.service, {}).get(call.operation, call.operation)
    parameters = call.parameters
    if call.service == "s3" and parameters.get("VersionId"):
        name = _versioned(name)
    return [_need(service, name, parameters)]


def _need(
    service: str, name: str, parameters: Mapping[str, Any], keys: Mapping[str, str] | None = None
) -> Need:
    action = reference.action(service, name)
    if action is None:
        return Need(service, name, parameters, guessed=True)
    return Need(service, action.name, parameters, keys=keys or {})


def _transaction(call: ApiCall) -> Iterator[Need]:
    items = call.parameters.get("TransactItems")
    try:
        parts = [(kind, part) for item in items or () for kind, part in item.items()]
        for kind, part in parts:
            keys = {"dynamodb:enclosingoperation": call.operation}
            yield _need("dynamodb", _TRANSACTION_ACTIONS[kind], dict(part), keys)
    except (AttributeError, LookupError, TypeError, ValueError):
        parts = []
    if not parts:
        yield Need("dynamodb", call.operation, {}, guessed=True)


def _invoke(call: ApiCall) -> Iterator[Need]:
    """Yield what an Invoke needs; by a function URL, with its FunctionUrlAuthType, it needs two actions.

    "Control access to Lambda function URLs": this is so since October 2025.
    """
    auth_type = call.parameters.get("FunctionUrlAuthType")
    if auth_type:
        keys = {"lambda:functionurlauthtype": str(auth_type)}
        yield _need("lambda", "InvokeFunctionUrl", call.parameters, keys)
    via_url = {"lambda:invokedviafunctionurl": str(bool(auth_type)).lower()}
    yield _need("lambda", "InvokeFunction", call.parameters, via_url)


def _partiql(call: ApiCall) -> Iterator[Need]:
    """Yield what PartiQL statements need; their tables are not parsed."""
    if call.operation == "ExecuteStatement":
        texts = [call.parameters.get("Statement")]
    else:
        listed = (
            call.parameters.get("Statements") or call.parameters.get("TransactStatements") or [{}]
        )
        texts = [each.get("Statement") for each in listed]
    for text in texts:
        verb = str(text or "").split(maxsplit=1)[:1]
        name = _PARTIQL_ACTIONS.get(verb[0].upper()) if verb else None
        if name:
            yield _need("dynamodb", name, {})
        else:
            yield Need("dynamodb", call.operation, {}, guessed=True)


def _with_code(call: ApiCall) -> Iterator[Need]:
    """Yield what a call with code or layers needs: also to read the object in S3 and to get the layers.

    After the error message of AWS for an object that the caller may not read, and "Using layers" in the Lambda guide.
    """
    parameters = call.parameters
    yield _need("lambda", call.operation, parameters)
    given = parameters.get("Code") or parameters.get("Content") or parameters
    code = given if isinstance(given, Mapping) else {}
    if code.get("S3Bucket") and not code.get("ZipFile"):
        name = "GetObjectVersion" if code.get("S3ObjectVersion") else "GetObject"
        named = {"Bucket": code["S3Bucket"], "Key": code["S3Key"]} if code.get("S3Key") else {}
        yield _need("s3", name, named)
    layers = parameters.get("Layers")
    for arn in layers if isinstance(layers, list) else ():
        yield _need("lambda", "GetLayerVersion", {"Arn": arn})


def _add_role(call: ApiCall) -> Iterator[Need]:
    """Yield what AddRoleToInstanceProfile needs: also to pass the role to EC2, according to the API reference."""
    yield _need("iam", "AddRoleToInstanceProfile", call.parameters)
    named = {"RoleName": call.parameters.get("RoleName")}
    yield _need("iam", "PassRole", named, {"iam:passedtoservice": "ec2.amazonaws.com"})


def _export(call: ApiCall) -> Iterator[Need]:
    """Yield what an export of a table to S3 needs: "DynamoDB data export to Amazon S3", Permissions."""
    yield _need("dynamodb", call.operation, call.parameters)
    bucket, prefix = call.parameters.get("S3Bucket"), call.parameters.get("S3Prefix")
    key = f"{prefix}/AWSDynamoDB/*" if prefix else "AWSDynamoDB/*"
    yield _need("s3", "PutObject", {"Bucket": bucket, "Key": key} if bucket else {})


def _import(call: ApiCall) -> Iterator[Need]:
    """Yield what an import of a table from S3 needs: "DynamoDB data import from Amazon S3", Permissions."""
    table = call.parameters.get("TableCreationParameters")
    yield _need("dynamodb", call.operation, table if isinstance(table, Mapping) else {})
    source = call.parameters.get("S3BucketSource")
    given = source if isinstance(source, Mapping) else {}
    bucket, prefix = given.get("S3Bucket"), given.get("S3KeyPrefix") or ""
    named = {"Bucket": bucket} if bucket else {}
    yield _need("s3", "ListBucket", named)
    yield _need("s3", "GetObject", {**named, "Key": f"{prefix}*"})


def _copy(call: ApiCall) -> Iterator[Need]:
    """Yield what a copy in S3 needs: to read the source and to write the copy."""
    yield _need("s3", "PutObject", call.parameters)
    source = call.parameters.get("CopySource")
    path, _, version = str(source or "").partition("?versionId=")
    bucket, _, key = unquote(path).removeprefix("/").partition("/")
    named = {"Bucket": bucket, "Key": key} if bucket and not bucket.startswith("arn:") else {}
    yield _need("s3", "GetObjectVersion" if version else "GetObject", named)


def _delete_objects(call: ApiCall) -> Iterator[Need]:
    bucket = call.parameters.get("Bucket")
    deleted = call.parameters.get("Delete")
    objects = deleted.get("Objects") if isinstance(deleted, Mapping) else None
    for each in objects or [{}]:
        name = "DeleteObjectVersion" if each.get("VersionId") else "DeleteObject"
        yield _need("s3", name, {"Bucket": bucket, "Key": each["Key"]} if "Key" in each else {})


def _versioned(action: str) -> str:
    """Return S3's action for one version of an object, such as GetObjectVersion."""
    versioned = action.replace("Object", "ObjectVersion", 1)
    return versioned if reference.action("s3", versioned) else action


def _api_gateway(call: ApiCall) -> Need:
    """Return API Gateway's action, which is the HTTP method."""
    operation = operation_of(call.service, call.operation)
    return _need("apigateway", operation.http["method"], call.parameters)


_SPECIAL: dict[tuple[str, str], Callable[[ApiCall], Iterator[Need]]] = {
    ("dynamodb", "BatchExecuteStatement"): _partiql,
    ("dynamodb", "ExecuteStatement"): _partiql,
    ("dynamodb", "ExecuteTransaction"): _partiql,
    ("dynamodb", "ExportTableToPointInTime"): _export,
    ("dynamodb", "ImportTable"): _import,
    ("dynamodb", "TransactGetItems"): _transaction,
    ("dynamodb", "TransactWriteItems"): _transaction,
    ("iam", "AddRoleToInstanceProfile"): _add_role,
    ("lambda", "CreateFunction"): _with_code,
    ("lambda", "Invoke"): _invoke,
    ("lambda", "PublishLayerVersion"): _with_code,
    ("lambda", "UpdateFunctionCode"): _with_code,
    ("lambda", "UpdateFunctionConfiguration"): _with_code,
    ("s3", "CopyObject"): _copy,
    ("s3", "DeleteObjects"): _delete_objects,
    ("s3", "UploadPartCopy"): _copy,
}
