"""An event source: the SQS queue or DynamoDB stream that an event source mapping reads."""

import re
from dataclasses import dataclass
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.sqs.models import sqs_backends

from local_aws.arns import parse_arn
from local_aws.functions.api.errors import invalid_parameter, not_offered

_STREAM = re.compile(r"table/[^/]+/stream/[^/]+")


@dataclass(frozen=True)
class Source:
    """A queue or a stream: its ARN, and the parts of it. `service` is sqs or dynamodb."""

    arn: str
    service: str
    region: str
    account: str
    name: str


def source_of(arn: str | None, region: str) -> Source:
    """Return the source with an ARN. Raises ApiError unless it is a queue or a table's stream in the region."""
    parts = parse_arn(arn or "")
    if parts is None:
        raise invalid_parameter("Unrecognized event source.")
    _, service, where, account, name = parts
    if service not in ("sqs", "dynamodb"):
        raise not_offered(f"event sources of {service}: it has SQS queues and DynamoDB streams")
    if service == "dynamodb" and not _STREAM.fullmatch(name):
        raise invalid_parameter("Unrecognized event source.")
    if where != region:
        raise invalid_parameter(f"Event source region must match Lambda region {region}.")
    return Source(str(arn), service, where, account, name)


def queue_of(source: Source) -> Any:
    """Return moto's queue; None if it does not exist."""
    return sqs_backends[source.account][source.region].queues.get(source.name)


def table_of(source: Source) -> Any:
    """Return moto's table of a stream; None if the stream does not exist."""
    _, name, _, label = source.name.split("/", 3)
    table = dynamodb_backends[source.account][source.region].tables.get(name)
    return table if table is not None and table.latest_stream_label == label else None
