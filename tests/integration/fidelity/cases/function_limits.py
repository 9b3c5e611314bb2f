"""What CreateFunction and updates refuse."""

import io
import json
import zipfile
from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError

from tests.integration.deployed import TRUST_LAMBDA
from tests.integration.fidelity.case import (
    ARN,
    INVALID,
    STALE,
    VALIDATION,
    Case,
    refusal,
    report,
)
from tests.integration.fidelity.lab import Lab, refused, status

DETECTED = f"400 {VALIDATION}: 1 validation error detected:"
ENVIRONMENT = (
    f"400 {INVALID}: Lambda was unable to configure your environment variables because the "
    "environment variables you have provided"
)
LAYER = "arn:aws:lambda:us-east-1:123456789012:layer:none:1"


def missing_key(lab: Lab) -> object:
    s3, bucket = lab.client("s3"), lab.name().lower()
    s3.create_bucket(Bucket=bucket)
    lab.afterwards(s3.delete_bucket, Bucket=bucket)
    return not_made(lab, Code={"S3Bucket": bucket, "S3Key": "missing"})


def too_large(lab: Lab) -> object:
    archive = io.BytesIO()
    with (
        zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as content,
        content.open("zeros", "w") as zeros,
    ):
        for _ in range(251):
            zeros.write(bytes(2**20))
    return not_made(lab, Code={"ZipFile": archive.getvalue()})


def not_made(lab: Lab, **changed: Any) -> str:
    try:
        made = lab.create(**{"FunctionName": lab.name("UNMADE"), **changed})
    except ClientError as error:
        return refused(error)
    return f"{status(made)}, made"


def refused_function(behaviour: str, aws: str, shown: str, **changed: Any) -> Case:
    """Return the case of a CreateFunction that is refused for what is changed in it."""
    return Case(
        behaviour, f"create_function(…, {shown})", aws, lambda lab: not_made(lab, **changed)
    )


def role_of_another(lab: Lab) -> object:
    iam, name = lab.client("iam"), lab.name("ROLE")
    document = json.dumps(TRUST_LAMBDA).replace("lambda", "ec2")
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    lab.afterwards(iam.delete_role, RoleName=name)
    return not_made(lab, Role=arn)


CASES = (
    refused_function(
        "A new function's name has at most 64 letters",
        f"400 {INVALID}: 1 validation error detected: Value '{'f' * 65}' at 'functionName' failed "
        "to satisfy constraint: Member must have length less than or equal to 64",
        "FunctionName='f' * 65",
        FunctionName="f" * 65,
    ),
    refused_function(
        "A new function's name has no qualifier",
        f"{DETECTED} Value '{ARN}f:1' at 'functionName' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: …",
        f"FunctionName='{ARN}f:1'",
        FunctionName=f"{ARN}f:1",
    ),
    refused_function(
        "No function is made in another account",
        "403 AccessDeniedException: …",
        "FunctionName='210987654321:function:f'",
        FunctionName="210987654321:function:f",
    ),
    refused_function(
        "An empty file is no zip",
        f"400 {INVALID}: Uploaded file must be a non-empty zip",
        "Code={'ZipFile': b''}",
        Code={"ZipFile": b""},
    ),
    refused_function(
        "Bytes that are no zip are refused",
        f"400 {INVALID}: Could not unzip uploaded file. Please check your file, then try to upload again.",
        "Code={'ZipFile': b'x'}",
        Code={"ZipFile": b"x"},
    ),
    refused_function(
        "A function needs code",
        f"400 {INVALID}: Please provide a source for function code.",
        "Code={}",
        Code={},
    ),
    replace(
        refused_function(
            "A retired runtime is refused",
            f"400 {INVALID}: The runtime parameter of python3.7 is no longer supported for creating or "
            "updating AWS Lambda functions. We recommend you use a supported runtime while creating or "
            "updating functions.",
            "Runtime='python3.7'",
            Runtime="python3.7",
        ),
        source=report("vittorio-nardone/disposable_app#3", "2025-01"),
    ),
    refused_function(
        "At most five layers",
        f"400 {INVALID}: Cannot reference more than 5 layers.",
        "Layers of 6 ARNs",
        Layers=[LAYER] * 6,
    ),
    refused_function(
        "An unknown architecture is refused",
        f"{DETECTED} Value '[mips]' at 'architectures' failed to satisfy constraint: …",
        "Architectures=['mips']",
        Architectures=["mips"],
    ),
    refused_function(
        "One architecture, not two",
        f"{DETECTED} Value '[x86_64, arm64]' at 'architectures' failed to satisfy constraint: "
        "Member must have length less than or equal to 1",
        "Architectures=['x86_64', 'arm64']",
        Architectures=["x86_64", "arm64"],
    ),
    refused_function(
        "A role that does not exist is refused",
        f"400 {INVALID}: The role defined for the function cannot be assumed by Lambda.",
        "Role of another name",
        Role="arn:aws:iam::123456789012:role/no",
    ),
    Case(
        "A role that does not trust Lambda is refused",
        "create_function(…, Role that trusts ec2.amazonaws.com)",
        f"400 {INVALID}: The role defined for the function cannot be assumed by Lambda.",
        role_of_another,
    ),
    refused_function(
        "A dead-letter queue that the role may not send to is refused",
        f"400 {INVALID}: The provided execution role does not have permissions to call SendMessage on SQS",
        "DeadLetterConfig of a queue",
        DeadLetterConfig={"TargetArn": "arn:aws:sqs:us-east-1:123456789012:q"},
    ),
    refused_function(
        "A missing bucket is refused",
        f"400 {INVALID}: Error occurred while GetObject. S3 Error Code: NoSuchBucket. …",
        "Code={S3Bucket, S3Key} of no bucket",
        Code={"S3Bucket": "nowhere-at-all", "S3Key": "k"},
    ),
    Case(
        "A missing object is refused",
        "create_function(…, Code={S3Bucket, S3Key} of no object)",
        f"400 {INVALID}: Error occurred while GetObject. S3 Error Code: NoSuchKey. …",
        missing_key,
    ),
    Case(
        "Code has at most 250 MB unzipped",
        "create_function(…, a zip of 251 MB of zeros)",
        f"400 {INVALID}: Unzipped size must be smaller than 262144000 bytes",
        too_large,
    ),
    refusal(
        "A description has at most 256 characters",
        f"400 {VALIDATION}: …at 'description' failed to satisfy constraint: "
        "Member must have length less than or equal to 256",
        "update_function_configuration",
        Description="d" * 257,
    ),
    refusal(
        "A handler has no space",
        f"{DETECTED} Value 'a b' at 'handler' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: [^\s]+",
        "update_function_configuration",
        Handler="a b",
    ),
    refusal(
        "/tmp has at least 512 MB",
        f"{DETECTED} Value '100' at 'ephemeralStorage.size' failed to satisfy constraint: "
        "Member must have value greater than or equal to 512",
        "update_function_configuration",
        EphemeralStorage={"Size": 100},
    ),
    refusal(
        "The log format is JSON or text",
        f"{DETECTED} Value 'XML' at 'loggingConfig.logFormat' failed to satisfy constraint: "
        "Member must satisfy enum value set: [JSON, Text]",
        "update_function_configuration",
        LoggingConfig={"LogFormat": "XML"},
    ),
    refusal(
        "The memory has a limit in the service model",
        f"{DETECTED} Value '99999' at 'memorySize' failed to satisfy constraint: "
        "Member must have value less than or equal to 32768",
        "update_function_configuration",
        MemorySize=99999,
    ),
    refusal(
        "The memory has at least 128 MB",
        f"{DETECTED} Value '64' at 'memorySize' failed to satisfy constraint: "
        "Member must have value greater than or equal to 128",
        "update_function_configuration",
        MemorySize=64,
    ),
    refusal(
        "The memory has at most 10,240 MB",
        f"400 {INVALID}: 'MemorySize' value failed to satisfy constraint: "
        "Member must have value less than or equal to 10240",
        "update_function_configuration",
        MemorySize=20000,
    ),
    refusal(
        "The timeout has at most 900 seconds",
        f"400 {INVALID}: …Member must have value less than or equal to 900",
        "update_function_configuration",
        Timeout=901,
    ),
    refusal(
        "The timeout has at least a second",
        f"{DETECTED} Value '0' at 'timeout' failed to satisfy constraint: "
        "Member must have value greater than or equal to 1",
        "update_function_configuration",
        Timeout=0,
    ),
    refusal(
        "A variable's name has at least two letters",
        f"{DETECTED} Value at 'environment.variables' failed to satisfy constraint: "
        "Map keys must satisfy constraint: […]",
        "update_function_configuration",
        Environment={"Variables": {"A": "x"}},
    ),
    refusal(
        "The environment has at most 4 KB",
        f"{ENVIRONMENT} exceeded the 4KB limit. String measured: …",
        "update_function_configuration",
        Environment={"Variables": {"LONG": "x" * 5000}},
    ),
    refusal(
        "Reserved variables cannot be set",
        f"{ENVIRONMENT} contains reserved keys that are currently not supported for modification. "
        "Reserved keys used in this request: AWS_REGION",
        "update_function_configuration",
        Environment={"Variables": {"AWS_REGION": "mine"}},
    ),
    refusal(
        "An unknown runtime is refused, with the known ones",
        f"400 {INVALID}: Value python9 at 'runtime' failed to satisfy constraint: "
        "Member must satisfy enum value set: […python3.13…] or be a valid ARN",
        "update_function_configuration",
        Runtime="python9",
    ),
    refusal(
        "A layer that does not exist is refused",
        f"400 {INVALID}: Layer version {LAYER} does not exist.",
        "update_function_configuration",
        Layers=[LAYER],
    ),
    refusal(
        "A layer of another region is refused",
        f"400 {INVALID}: Layers are not in the same region as the function. "
        "Layers are expected to be in region us-east-1.",
        "update_function_configuration",
        Layers=[LAYER.replace("us-east-1", "eu-west-1")],
    ),
    refusal(
        "A role is an ARN",
        f"{DETECTED} Value 'no-arn' at 'role' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: arn:…",
        "update_function_configuration",
        Role="no-arn",
    ),
    refusal(
        "SnapStart applies on published versions or not at all",
        f"{DETECTED} Value 'Always' at 'snapStart.applyOn' failed to satisfy constraint: "
        "Member must satisfy enum value set: [PublishedVersions, None]",
        "update_function_configuration",
        SnapStart={"ApplyOn": "Always"},
    ),
    refusal(
        "Active tracing needs a role that may send traces",
        f"400 {INVALID}: The provided execution role does not have permissions to call "
        "PutTraceSegments on XRAY",
        "update_function_configuration",
        TracingConfig={"Mode": "Active"},
    ),
    refusal(
        "Log levels are for the JSON format",
        f"400 {INVALID}: Log level is not supported for LogFormat Text. "
        "Please use LogFormat JSON to set log levels.",
        "update_function_configuration",
        LoggingConfig={"LogFormat": "Text", "ApplicationLogLevel": "WARN"},
    ),
    refusal(
        "Updates of code check the RevisionId",
        f"412 {STALE}: The Revision Id provided does not match the latest Revision Id. "
        "Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
        "update_function_code",
        RevisionId="wrong",
        ZipFile=b"x",
    ),
    refusal(
        "New code must be a zip",
        f"400 {INVALID}: Could not unzip uploaded file. Please check your file, then try to upload again.",
        "update_function_code",
        ZipFile=b"no zip",
    ),
    refusal(
        "New code is not a container image",
        f"400 {INVALID}: Please don't provide ImageUri when updating a function with packageType Zip.",
        "update_function_code",
        ImageUri="123456789012.dkr.ecr.us-east-1.amazonaws.com/image:latest",
    ),
)
