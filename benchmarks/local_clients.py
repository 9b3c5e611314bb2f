"""Clients of a local AWS by its endpoint, for a process that talks to several."""

from typing import Any

import boto3

from local_aws.client_environment import CREDENTIALS


def local_client(service: str, endpoint: str) -> Any:
    """Return a client of a service; Any, as boto3's stubs distinguish services by the literal only."""
    return boto3.client(  # type: ignore[call-overload] # any service
        service,
        endpoint_url=endpoint,
        region_name=CREDENTIALS["AWS_REGION"],
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )
