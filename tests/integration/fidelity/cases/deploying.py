"""Mistakes in a deployment that CreateFunction finds: in roles, in code, in what a function is combined with."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.integration.deployed import TRUST_LAMBDA, zipped
from tests.integration.fidelity.case import (
    INVALID,
    Case,
    Difference,
    Source,
    guide,
    reference,
    report,
)
from tests.integration.fidelity.cases.function_limits import not_made, refused_function
from tests.integration.fidelity.lab import Lab, refused, status, zip_of

ACCOUNT = "123456789012"
ROLE_SOURCE = Source('IAM User Guide, "Policy evaluation logic"', "2026-11")
NOT_ASSUMED = f"400 {INVALID}: The role defined for the function cannot be assumed by Lambda."
GET_OBJECT = f"400 {INVALID}: Error occurred while GetObject. S3 Error Code:"
UNZIP = f"400 {INVALID}: Could not unzip uploaded file. Please check your file, then try to upload again.…"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
CREATE_GRANT = (
    f"400 {INVALID}: Lambda was unable to configure access to your environment variables because the KMS "
    "key is invalid for CreateGrant. Please check your KMS key settings. KMS Exception:"
)
CREATE_FUNCTION = reference("CreateFunction")
KMS_REPORT = report("hashicorp/terraform#20813", "2019-03")
SNAP_START = guide("Improving startup performance with Lambda SnapStart")
ON_PUBLISHED = {"ApplyOn": "PublishedVersions"}
STANDARD_ONLY = guide("Capturing records of Lambda asynchronous invocations")
EXCLUSIVE = Source("a public test against AWS: com.ebsco.platform, AWSParametersTest", "undated")
TRUSTING: Any = TRUST_LAMBDA["Statement"][0]


def refused_as_documented(
    behaviour: str, aws: str, shown: str, source: Source = CREATE_FUNCTION, **changed: Any
) -> Case:
    """Return the case of a CreateFunction that is refused, as its documents say."""
    return replace(refused_function(behaviour, aws, shown, **changed), source=source)


def trusting(*statements: Mapping[str, Any]) -> Any:
    """Return what makes a function with a role whose trust policy has these statements."""

    def ask(lab: Lab) -> object:
        iam, name = lab.client("iam"), lab.name("ROLE")
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
        lab.afterwards(iam.delete_role, RoleName=name)
        return not_made(lab, Role=role)

    return ask


def for_account(number: str) -> Mapping[str, Any]:
    return {**TRUSTING, "Condition": {"StringEquals": {"aws:SourceAccount": number}}}


def stored(lab: Lab, region: str = "us-east-1") -> Mapping[str, str]:
    """Put a function's zip into a bucket of a region; returns where it is."""
    name = lab.name().lower()
    s3 = boto3.client(
        "s3",
        region_name=region,
        endpoint_url=lab.shared.endpoint,
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )
    where = {} if region == "us-east-1" else {"LocationConstraint": region}
    s3.create_bucket(Bucket=name, **({"CreateBucketConfiguration": where} if where else {}))
    lab.afterwards(s3.delete_bucket, Bucket=name)
    s3.put_object(Bucket=name, Key="code.zip", Body=zipped("probe.py"))
    lab.afterwards(s3.delete_object, Bucket=name, Key="code.zip")
    return {"S3Bucket": name, "S3Key": "code.zip"}


def by_who_may_not_read(lab: Lab) -> object:
    """Make a function from an object, as a user who may do all of Lambda and IAM."""
    iam, user = lab.client("iam"), lab.name("USER")
    iam.create_user(UserName=user)
    lab.afterwards(iam.delete_user, UserName=user)
    statement = {"Effect": "Allow", "Action": ["lambda:*", "iam:*"], "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName=user, PolicyName="may", PolicyDocument=document)
    lab.afterwards(iam.delete_user_policy, UserName=user, PolicyName="may")
    key = iam.create_access_key(UserName=user)["AccessKey"]
    lab.afterwards(iam.delete_access_key, UserName=user, AccessKeyId=key["AccessKeyId"])
    client: Any = boto3.client(
        "lambda",
        region_name="us-east-1",
        endpoint_url=lab.shared.endpoint,
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        config=Config(retries={"total_max_attempts": 1}),
    )
    try:
        made = client.create_function(
            FunctionName=lab.name("UNMADE"),
            Role=lab.shared.role,
            Runtime="python3.13",
            Handler="probe.handler",
            Code=stored(lab),
        )
    except ClientError as error:
        return refused(error)
    return f"{status(made)}, made"


def damaged() -> bytes:
    """Return a zip in which a byte of a file is another."""
    return zip_of(probe__py="answer = 1").replace(b"answer = 1", b"answer = 2", 1)


def encrypted() -> bytes:
    """Return a zip that says of its file that it is encrypted."""
    content = bytearray(zip_of(probe__py="answer = 1"))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def both_file_and_folder() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr("probe", "")
        content.writestr("probe/__init__.py", "")
    return archive.getvalue()


def provisioned_with_snap_start(lab: Lab) -> object:
    name = lab.function(SnapStart=ON_PUBLISHED)
    version = lab.call("publish_version", FunctionName=name)["Version"]
    return lab.refusal(
        "put_provisioned_concurrency_config",
        FunctionName=name,
        Qualifier=version,
        ProvisionedConcurrentExecutions=1,
    )


def dead_letters_in_order(lab: Lab) -> object:
    arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:rides.fifo"
    role = lab.role("sqs:*", "logs:*")
    return not_made(lab, Role=role, DeadLetterConfig={"TargetArn": arn})


def destination_in_order(lab: Lab) -> object:
    arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:rides.fifo"
    name = lab.function(Role=lab.role("sqs:*", "logs:*"))
    return lab.refusal(
        "put_function_event_invoke_config",
        FunctionName=name,
        DestinationConfig={"OnFailure": {"Destination": arn}},
    )


CASES = (
    Case(
        "A trust policy that denies what it allows is no trust",
        "create_function(…, Role whose trust policy also has a Deny)",
        NOT_ASSUMED,
        trusting(TRUSTING, {**TRUSTING, "Effect": "Deny"}),
        ROLE_SOURCE,
    ),
    Case(
        "A trust policy for another account's functions is refused",
        "create_function(…, Role that trusts Lambda with another aws:SourceAccount)",
        NOT_ASSUMED,
        trusting(for_account("210987654321")),
        ROLE_SOURCE,
    ),
    Case(
        "A trust policy for the account's own functions is enough",
        "create_function(…, Role that trusts Lambda with the account as aws:SourceAccount)",
        "201, made",
        trusting(for_account(ACCOUNT)),
        ROLE_SOURCE,
    ),
    Case(
        "A trust policy that wants an external id is refused",
        "create_function(…, Role that trusts Lambda with an sts:ExternalId)",
        NOT_ASSUMED,
        trusting({**TRUSTING, "Condition": {"StringEquals": {"sts:ExternalId": "x"}}}),
        ROLE_SOURCE,
    ),
    Case(
        "Code is read from a bucket of the function's region",
        "create_function(…, Code={S3Bucket, S3Key} of a bucket in eu-west-1)",
        f"{GET_OBJECT} PermanentRedirect. S3 Error Message: The bucket is in this region: eu-west-1. "
        "Please use this region to retry the request",
        lambda lab: not_made(lab, Code=stored(lab, "eu-west-1")),
        report("aws-samples/aws-codepipeline-bitbucket-integration#7", "2020-02"),
    ),
    Case(
        "A missing version of an object is refused",
        "create_function(…, Code={S3Bucket, S3Key, S3ObjectVersion} of no version)",
        f"{GET_OBJECT} NoSuchVersion. …",
        lambda lab: not_made(lab, Code={**stored(lab), "S3ObjectVersion": "none"}),
        Source("Amazon S3 API Reference, Error responses", "2026-11"),
    ),
    Case(
        "Who deploys an object must be allowed to read it",
        "create_function(…, Code={S3Bucket, S3Key}) by a user without s3:GetObject",
        "403 AccessDeniedException: Your access has been denied by S3, please make sure your request "
        "credentials have permission to GetObject for …/code.zip. S3 Error Code: AccessDenied. "
        "S3 Error Message: Access Denied",
        by_who_may_not_read,
        report("binxio/cfn-lb-ip-address-provider#4", "2020-12"),
        Difference(
            "403 AccessDeniedException: User: …USER is not authorized to perform: s3:GetObject on resource: …",
            "IAM's own words name the action and the object that the policy lacks.",
        ),
    ),
    refused_as_documented(
        "Code is a zip or an object, not both",
        f"400 {INVALID}: Please do not provide other FunctionCode parameters when providing a ZipFile.",
        "Code={'ZipFile': …, 'S3Bucket': 'b', 'S3Key': 'k'}",
        EXCLUSIVE,
        Code={"ZipFile": zipped("probe.py"), "S3Bucket": "bucket", "S3Key": "k"},
    ),
    refused_as_documented(
        "A zip with a damaged file is refused",
        UNZIP,
        "Code={'ZipFile': …} of which a byte is another",
        Code={"ZipFile": damaged()},
    ),
    refused_as_documented(
        "An encrypted zip is refused",
        UNZIP,
        "Code={'ZipFile': …} with a password",
        Code={"ZipFile": encrypted()},
    ),
    refused_as_documented(
        "A zip in which a name is a file's and a folder's is refused",
        UNZIP,
        "Code={'ZipFile': …} of probe and probe/__init__.py",
        Code={"ZipFile": both_file_and_folder()},
    ),
    Case(
        "A KMS key that does not exist is refused",
        "create_function(…, KMSKeyArn of no key)",
        f"{CREATE_GRANT} NotFoundException …",
        lambda lab: not_made(lab, KMSKeyArn=KEY, Environment={"Variables": {"AB": "c"}}),
        KMS_REPORT,
    ),
    Case(
        "The environment is encrypted with a key, not an alias of one",
        "create_function(…, KMSKeyArn of an alias)",
        f"{CREATE_GRANT} InvalidArnException KMS Message: Key Aliases are not supported for this operation.",
        lambda lab: not_made(
            lab,
            KMSKeyArn=f"arn:aws:kms:us-east-1:{ACCOUNT}:alias/mine",
            Environment={"Variables": {"AB": "c"}},
        ),
        KMS_REPORT,
    ),
    Case(
        "SnapStart has no ephemeral storage beyond 512 MB",
        "create_function(…, SnapStart, EphemeralStorage={'Size': 1024})",
        f"400 {INVALID}: …",
        lambda lab: not_made(lab, SnapStart=ON_PUBLISHED, EphemeralStorage={"Size": 1024}),
        SNAP_START,
    ),
    Case(
        "SnapStart has no provisioned concurrency",
        "put_provisioned_concurrency_config of a version with SnapStart",
        f"400 {INVALID}: …",
        provisioned_with_snap_start,
        SNAP_START,
    ),
    Case(
        "Dead letters go to no FIFO queue",
        "create_function(…, DeadLetterConfig of a FIFO queue)",
        f"400 {INVALID}: …",
        dead_letters_in_order,
        STANDARD_ONLY,
    ),
    Case(
        "No destination is a FIFO queue",
        "put_function_event_invoke_config(DestinationConfig of a FIFO queue)",
        f"400 {INVALID}: …",
        destination_in_order,
        STANDARD_ONLY,
    ),
    refused_as_documented(
        "A code signing config that does not exist is refused",
        "404 CodeSigningConfigNotFoundException: The code signing configuration cannot be found. …",
        "CodeSigningConfigArn of none",
        CodeSigningConfigArn=f"arn:aws:lambda:us-east-1:{ACCOUNT}:code-signing-config:csc-00000000000000000",
    ),
)
