"""What the local AWS does not offer is refused at once, by name, and no client retries it."""

import contextlib
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
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


def test_many_calls_of_an_unknown_service_do_not_stop_the_server(endpoint: str) -> None:
    # Given a service that moto does not have, for which it prints a line on each call
    request = AWSRequest("POST", f"{endpoint}/list-flows", data=b"{}")
    SigV4Auth(Credentials("local", "local"), "appflow", "us-east-1").add_auth(request)
    headers, host = dict(request.headers), urlsplit(endpoint)

    # When it is called more often than fits into a pipe that nobody reads
    with contextlib.closing(HTTPConnection(host.hostname or "", host.port, timeout=20)) as client:
        for _ in range(800):
            client.request("POST", "/list-flows", b"{}", headers)
            answer = client.getresponse()
            answer.read()

    # Then the last call is answered as the first
    assert answer.status == 400
