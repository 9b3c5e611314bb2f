"""CreateFunction and updates: states, what answers hold, and what is refused."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError

from tests.integration.deployed import TRUST_LAMBDA, zipped
from tests.integration.fidelity.case import (
    ARN,
    CONFLICT,
    INVALID,
    STALE,
    VALIDATION,
    Case,
    Difference,
    answer,
    guide,
    refusal,
    report,
)
from tests.integration.fidelity.lab import Lab, refused, status

STATES = {"State", "StateReason", "StateReasonCode", "LastUpdateStatus", "RuntimeVersionConfig"}
DETECTED = f"400 {VALIDATION}: 1 validation error detected:"
ENVIRONMENT = (
    f"400 {INVALID}: Lambda was unable to configure your environment variables because the "
    "environment variables you have provided"
)
LAYER = "arn:aws:lambda:us-east-1:123456789012:layer:none:1"


def created(lab: Lab) -> object:
    made = lab.create(FunctionName=lab.name())
    return {name: made.get(name) for name in ("State", "StateReasonCode", "LastUpdateStatus")}


def settled(lab: Lab) -> object:
    read = lab.settled(lab.function())
    return [read["State"], read["LastUpdateStatus"], read.get("StateReasonCode")]


def updated(lab: Lab) -> object:
    name = lab.function()
    answered = lab.call("update_function_code", FunctionName=name, ZipFile=zipped("probe.py", "x"))
    return [answered["State"], answered["LastUpdateStatus"]]


def updated_twice(lab: Lab) -> object:
    name = lab.function()
    return soon_enough(
        lambda: lab.call("update_function_code", FunctionName=name, ZipFile=zipped("probe.py")),
        lambda: lab.refusal(
            "update_function_configuration", FunctionName=name, Description="again"
        ),
        lambda: lab.settled(name),
    )


def updated_while_pending(lab: Lab) -> object:
    names: list[str] = []
    return soon_enough(
        lambda: names.append(lab.create(FunctionName=lab.name())["FunctionName"]),
        lambda: lab.refusal(
            "update_function_configuration", FunctionName=names[-1], Description="early"
        ),
        lambda: None,
    )


def invoked_while_pending(lab: Lab) -> object:
    names: list[str] = []
    return soon_enough(
        lambda: names.append(lab.create(FunctionName=lab.name())["FunctionName"]),
        lambda: lab.refusal("invoke", FunctionName=names[-1]),
        lambda: None,
    )


def published_during_update(lab: Lab) -> object:
    name = lab.function()
    return soon_enough(
        lambda: lab.call("update_function_code", FunctionName=name, ZipFile=zipped("probe.py")),
        lambda: lab.refusal("publish_version", FunctionName=name),
        lambda: lab.settled(name),
    )


def soon_enough(
    begin: Callable[[], object], ask: Callable[[], str], wait: Callable[[], object]
) -> str:
    """Return what is answered right after a beginning; on a slow machine the next call may come too late for that."""
    for _ in range(20):
        begin()
        answered = ask()
        if not answered.startswith("20"):
            break
        wait()
    return answered


def listed(lab: Lab) -> object:
    functions = lab.call("list_functions")["Functions"]
    return sorted(STATES & {key for function in functions for key in function})


def keys(lab: Lab) -> object:
    read = lab.call("get_function", FunctionName=lab.function())
    return sorted(read["Configuration"])


def twice(lab: Lab) -> object:
    name = lab.create(FunctionName=lab.name())["FunctionName"]
    try:
        lab.create(FunctionName=name)
    except ClientError as error:
        return refused(error)
    return "made twice"


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


def from_s3(lab: Lab) -> object:
    s3, bucket = lab.client("s3"), lab.name().lower()
    s3.create_bucket(Bucket=bucket)
    lab.afterwards(s3.delete_bucket, Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="code.zip", Body=zipped("probe.py"))
    lab.afterwards(s3.delete_object, Bucket=bucket, Key="code.zip")
    name = lab.name()
    made = lab.create(FunctionName=name, Code={"S3Bucket": bucket, "S3Key": "code.zip"})
    lab.settled(name)
    return [status(made), "pid" in lab.invoke(name)["Payload"]]


def by_arn(lab: Lab) -> object:
    name = lab.name()
    made = lab.create(FunctionName=ARN + name)
    return [made["FunctionName"], made["FunctionArn"]]


def by_part_of_arn(lab: Lab) -> object:
    name = lab.function()
    part = f"123456789012:function:{name}"
    read = lab.call("update_function_configuration", FunctionName=part, Description="by a part")
    return [read["FunctionName"], read["Description"]]


def gone(lab: Lab) -> object:
    name = lab.function()
    pid = lab.invoke(name)["Payload"]["pid"]
    deleted = status(lab.call("delete_function", FunctionName=name))
    again = lab.refusal("invoke", FunctionName=name)
    return [deleted, pid > 0, again]


def published_at_once(lab: Lab) -> object:
    made = lab.create(FunctionName=lab.name(), Publish=True)
    return [made["Version"], made["FunctionArn"]]


def dry_run(lab: Lab) -> object:
    before = lab.call("get_function")["Configuration"]["CodeSha256"]
    code = zipped("probe.py", "x = 1")
    preview = lab.call("update_function_code", ZipFile=code, DryRun=True)
    after = lab.call("get_function")["Configuration"]["CodeSha256"]
    return [preview["CodeSha256"] != before, after == before]


def pending_for(lab: Lab) -> object:
    began = time.monotonic()
    lab.settled(lab.create(FunctionName=lab.name())["FunctionName"])
    return "less than a second" if time.monotonic() - began < 1 else "longer"


CASES = (
    Case(
        "A new function is Pending, without an update status",
        "create_function",
        {"State": "Pending", "StateReasonCode": "Creating", "LastUpdateStatus": None},
        created,
    ),
    Case(
        "A Pending function becomes Active",
        "get_function_configuration until it has settled",
        ["Active", "Successful", None],
        settled,
    ),
    Case(
        "An update is InProgress",
        "update_function_code",
        ["Active", "InProgress"],
        updated,
    ),
    Case(
        "A second update at once is a conflict",
        "update_function_code, then update_function_configuration",
        f"409 {CONFLICT}: The operation cannot be performed at this time. "
        f"An update is in progress for resource: {ARN}NAME",
        updated_twice,
    ),
    Case(
        "An update of a Pending function is a conflict",
        "create_function, then update_function_configuration",
        f"409 {CONFLICT}: The operation cannot be performed at this time. "
        "The function is currently in the following state: Pending",
        updated_while_pending,
    ),
    Case(
        "A Pending function is not invoked",
        "create_function, then invoke",
        f"409 {CONFLICT}: The operation cannot be performed at this time. "
        "The function is currently in the following state: Pending",
        invoked_while_pending,
        guide("Lambda function states"),
    ),
    Case(
        "During an update nothing is published",
        "update_function_code, then publish_version",
        f"409 {CONFLICT}: The operation cannot be performed at this time. "
        f"An update is in progress for resource: {ARN}NAME",
        published_during_update,
        guide("Lambda function states"),
    ),
    Case("Lists have no states", "list_functions", [], listed),
    Case(
        "GetFunction has these members and no others for a function with nothing configured",
        "get_function",
        [
            *("Architectures", "CodeSha256", "CodeSize", "Description", "EphemeralStorage"),
            *("FunctionArn", "FunctionName", "Handler", "LastModified", "LastUpdateStatus"),
            *("LoggingConfig", "MemorySize", "PackageType", "RevisionId", "Role", "Runtime"),
            *("RuntimeVersionConfig", "SnapStart", "State", "Timeout", "TracingConfig", "Version"),
        ],
        keys,
    ),
    answer(
        "Logging is text, to the function's log group, unless configured",
        {"LogFormat": "Text", "LogGroup": "/aws/lambda/NAME"},
        lambda got: got["Configuration"]["LoggingConfig"],
        "get_function",
    ),
    answer(
        "The version of the runtime is an ARN with a hash",
        "arn:aws:lambda:us-east-1::runtime:…",
        lambda got: got["RuntimeVersionConfig"]["RuntimeVersionArn"],
        "get_function_configuration",
    ),
    answer(
        "SnapStart is off unless configured",
        {"ApplyOn": "None", "OptimizationStatus": "Off"},
        lambda got: got["SnapStart"],
        "get_function_configuration",
    ),
    Case(
        "A function made with Publish has version 1, and an unqualified ARN",
        "create_function(Publish=True)",
        ["1", ARN + "NAME"],
        published_at_once,
    ),
    Case(
        "An ARN as the new function's name is understood",
        f"create_function(FunctionName='{ARN}NAME')",
        ["NAME", ARN + "NAME"],
        by_arn,
    ),
    Case(
        "A part of an ARN names the function to update",
        "update_function_configuration(FunctionName='123456789012:function:NAME')",
        ["NAME", "by a part"],
        by_part_of_arn,
    ),
    Case("Code comes from S3 too", "create_function(Code={S3Bucket, S3Key})", [201, True], from_s3),
    Case(
        "DeleteFunction answers 204, and the function is gone",
        "delete_function, then invoke",
        [204, True, f"404 ResourceNotFoundException: Function not found: {ARN}NAME:$LATEST"],
        gone,
    ),
    Case(
        "A function is not made twice",
        "create_function twice",
        f"409 {CONFLICT}: Function already exist: NAME",
        twice,
    ),
    Case(
        "A DryRun of new code changes nothing",
        "update_function_code(DryRun=True)",
        [True, True],
        dry_run,
    ),
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
    Case(
        "How long a new function is Pending",
        "create_function, then get_function_configuration",
        "some seconds",
        pending_for,
        source=guide("Lambda function states"),
        differs=Difference(
            "less than a second",
            "Terraform, the CLI and tests would wait for nothing. The states are the same.",
        ),
    ),
)
