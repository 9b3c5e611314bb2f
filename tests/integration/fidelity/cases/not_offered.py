"""What Lambda has and the local AWS has not: each is refused by its name, with a status that no SDK retries."""

from typing import Any

from tests.integration.fidelity.case import INVALID, MODEL, Case, Difference, written
from tests.integration.fidelity.cases.function_limits import not_made
from tests.integration.fidelity.lab import Lab

NOT_HERE = f"400 {INVALID}: The local AWS does not offer"


def refused(behaviour: str, here: str, why: str, operation: str, **parameters: Any) -> Case:
    """Return the case of a call that Lambda answers and the local AWS refuses."""

    def ask(lab: Lab) -> object:
        if operation == "create_function":
            return not_made(lab, **parameters)
        return lab.refusal(operation, **parameters)

    asked = written(operation, parameters)
    return Case(behaviour, asked, "answered", ask, MODEL, Difference(here, why))


CASES = (
    refused(
        "Functions of other languages",
        f"{NOT_HERE} the runtime nodejs22.x: it runs functions in Python.",
        "The local AWS has AWS's runtime client for Python.",
        "create_function",
        Runtime="nodejs22.x",
    ),
    refused(
        "Functions of container images",
        f"{NOT_HERE} functions of container images.",
        "They need a container runtime; the local AWS runs zips without one.",
        "create_function",
        PackageType="Image",
        Code={"ImageUri": "123456789012.dkr.ecr.us-east-1.amazonaws.com/image:latest"},
    ),
    refused(
        "Functions in a VPC",
        f"{NOT_HERE} functions in a VPC.",
        "A function has this machine's network.",
        "create_function",
        VpcConfig={"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
    ),
    refused(
        "File systems of functions",
        f"{NOT_HERE} FileSystemConfigs of functions.",
        "There is no EFS here.",
        "create_function",
        FileSystemConfigs=[
            {
                "Arn": "arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/fsap-01234567890123456",
                "LocalMountPath": "/mnt/data",
            }
        ],
    ),
    refused(
        "Durable functions",
        f"{NOT_HERE} DurableConfig of functions.",
        "The runtime client has no checkpoints.",
        "create_function",
        DurableConfig={"ExecutionTimeout": 60},
    ),
    refused(
        "Functions per tenant",
        f"{NOT_HERE} TenancyConfig of functions.",
        "An environment is of one function here, not of one tenant.",
        "create_function",
        TenancyConfig={"TenantIsolationMode": "PER_TENANT"},
    ),
    refused(
        "Event sources other than queues and streams of tables",
        f"{NOT_HERE} event sources of kinesis: it has SQS queues and DynamoDB streams.",
        "SQS and DynamoDB are what functions here are most often fed by.",
        "create_event_source_mapping",
        EventSourceArn="arn:aws:kinesis:us-east-1:123456789012:stream/x",
        StartingPosition="LATEST",
    ),
    refused(
        "Signatures of code",
        f"{NOT_HERE} signatures of code: a policy of Enforce would let unsigned code through.",
        "No code is checked for a signature here.",
        "create_code_signing_config",
        AllowedPublishers={
            "SigningProfileVersionArns": [
                "arn:aws:signer:us-east-1:123456789012:/signing-profiles/mine/0123456789"
            ]
        },
        CodeSigningPolicies={"UntrustedArtifactOnDeployment": "Enforce"},
    ),
    refused(
        "Operations that are not implemented",
        "400 UnknownOperationException: The local AWS does not offer lambda:ListCapacityProviders.",
        "An error by name says more than a retry without end.",
        "list_capacity_providers",
    ),
)
