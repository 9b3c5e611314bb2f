"""Which AWS service sends an event to a function, and for which source, as the function's policy must permit it."""

import base64
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class EventSender:
    """A service, such as s3.amazonaws.com, and the ARN of the bucket or log group that it sends an event of."""

    service: str
    arn: str


def sender_of(event: Any, region: str, account: str) -> EventSender | None:
    """Return the sender of an event; None if it needs no permission, such as a queue that Lambda polls."""
    if not isinstance(event, Mapping):
        return None
    if data := event.get("awslogs"):
        group = json.loads(gzip.decompress(base64.b64decode(data["data"])))["logGroup"]
        arn = f"arn:aws:logs:{region}:{account}:log-group:{group}:*"
        return EventSender("logs.amazonaws.com", arn)
    records = event.get("Records")
    record: Mapping[str, Any] = records[0] if records else {}
    if record.get("eventSource") == "aws:s3":
        return EventSender("s3.amazonaws.com", record["s3"]["bucket"]["arn"])
    return None
