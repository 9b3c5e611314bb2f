"""What the local AWS does not offer is refused at once, by name, and no client retries it."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "message"),
    [
        ("lambda", "list_capacity_providers", {}, "lambda:ListCapacityProviders"),
        (
            "sns",
            "put_data_protection_policy",
            {"ResourceArn": "a", "DataProtectionPolicy": "{}"},
            "sns:PutData",
        ),
        ("sqs", "list_message_move_tasks", {"SourceArn": "a"}, "sqs:ListMessageMoveTasks"),
        ("ec2", "describe_trunk_interface_associations", {}, "ec2:DescribeTrunk"),
        ("eks", "list_insights", {"clusterName": "x"}, "eks:ListInsights"),
        ("appflow", "list_flows", {}, "appflow:ListFlows: it has no such service"),
        (
            "xray",
            "get_groups",
            {},
            "xray:GetGroups: the Python package aws_xray_sdk is not installed",
        ),
    ],
)
def test_an_unsupported_call_is_refused_by_name_and_not_retried(
    endpoint: str, service: str, operation: str, parameters: dict[str, Any], message: str
) -> None:
    # Given a client with the SDK's default retries
    client = boto3.client(
        service,  # type: ignore[call-overload] # any service, by its name
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )

    # When it calls an operation that the local AWS does not offer
    with pytest.raises(ClientError) as refusal:
        getattr(client, operation)(**parameters)

    # Then the only attempt is refused with the operation's name
    assert refusal.value.response["ResponseMetadata"]["RetryAttempts"] == 0
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert refusal.value.response["Error"]["Code"] in ("UnknownOperationException", "InvalidAction")
    assert f"The local AWS does not offer {message}" in refusal.value.response["Error"]["Message"]
