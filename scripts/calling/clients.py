"""Clients for AWS or a local AWS, as the environment says, and their errors with the fix."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local_aws.loopback import LOOPBACK_NAMES
from scripts.terminal.errors import UserError

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient

_FIX_ADDRESS = "Start `make local` or, for AWS, unset AWS_ENDPOINT_URL and check the network."
_FIX_MISSING = "Deploy it: `make apply` to AWS, `make local-apply` to the local AWS."
_FIX_CREDENTIALS = "Set AWS_PROFILE or keys, or paste the `export` lines of `make local`."
# By the error's code ("Common error types" in Lambda's API reference) or botocore's exception.
_FIXES = {
    "ResourceNotFound": _FIX_MISSING,  # CloudWatch's
    "ResourceNotFoundException": _FIX_MISSING,
    "ExpiredTokenException": _FIX_CREDENTIALS,
    "InvalidSignatureException": _FIX_CREDENTIALS,
    "UnrecognizedClientException": _FIX_CREDENTIALS,
    "NoCredentialsError": _FIX_CREDENTIALS,
    "EndpointConnectionError": _FIX_ADDRESS,
    "ConnectTimeoutError": _FIX_ADDRESS,
}


class CallError(UserError):
    """AWS did not answer; the message says what happened, where, and the fix."""


class Clients:
    """Clients of one session, each made when it is first used.

    `read_timeout` is in seconds; `attempts` includes the first. Raises CallError if region, profile or endpoint in the
    environment are unusable.
    """

    def __init__(self, *, read_timeout: int, attempts: int) -> None:
        try:
            endpoint = urlsplit(os.environ.get("AWS_ENDPOINT_URL", ""))
            self._config = Config(
                read_timeout=read_timeout,
                tcp_keepalive=True,  # for long invocations, as Lambda's Invoke advises
                connect_timeout=10,
                retries={"total_max_attempts": attempts},
                # No proxy can reach this machine's loopback; None means the proxies of the environment.
                proxies={} if endpoint.hostname in LOOPBACK_NAMES else None,
            )
            # Terraform and the other SDKs read AWS_REGION; boto3 alone reads only AWS_DEFAULT_REGION.
            self._session = boto3.Session(region_name=os.environ.get("AWS_REGION") or None)
        except (BotoCoreError, ValueError) as error:
            raise _no_environment(error) from error

    @cached_property
    def functions(self) -> LambdaClient:
        """Lambda."""
        client: LambdaClient = self._client("lambda")
        return client

    @cached_property
    def tables(self) -> DynamoDBClient:
        """DynamoDB."""
        client: DynamoDBClient = self._client("dynamodb")
        return client

    @cached_property
    def metrics(self) -> CloudWatchClient:
        """CloudWatch: metrics, alarms and dashboards."""
        client: CloudWatchClient = self._client("cloudwatch")
        return client

    @cached_property
    def logs(self) -> CloudWatchLogsClient:
        """CloudWatch Logs."""
        client: CloudWatchLogsClient = self._client("logs")
        return client

    def _client(self, service: str) -> Any:
        try:
            return self._session.client(service, config=self._config)  # type: ignore[call-overload] # any service
        except (BotoCoreError, ValueError) as error:
            raise _no_environment(error) from error


def explain(error: BotoCoreError | ClientError, fixes: dict[str, str] | None = None) -> str:
    """Describe an error in one line, and its fix in a second if `fixes` or the common fixes have one."""
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
    fix = {**_FIXES, **(fixes or {})}.get(code or type(error).__name__, "")
    return f"{one_line(error)}\n{fix}".rstrip()


def one_line(error: BotoCoreError | ClientError) -> str:
    """Describe an error in one line."""
    if isinstance(error, ClientError):  # below, AWS repeats a wrongly signed request with its token
        return str(error).partition("\n")[0]
    return " ".join(str(error).split())


def _no_environment(error: Exception) -> CallError:
    # ValueError is botocore's for a malformed URL.
    return CallError(f"{error}\nCheck AWS_REGION, AWS_PROFILE and AWS_ENDPOINT_URL.")
