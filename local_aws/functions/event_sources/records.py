"""The records of queues and streams as Lambda passes them to functions, and the filters of mappings."""

import contextlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from moto.events.models import EventPattern

from local_aws.functions.api.event_source import Source

Record = dict[str, Any]


def is_wanted(mapping: Mapping[str, Any], record: Record, data: str) -> bool:
    """Whether a record passes the mapping's filters; they match its member `data`, such as `body`, as JSON if it is."""
    filters = mapping.get("FilterCriteria", {}).get("Filters", [])
    if not filters:
        return True
    matched = dict(record)
    if isinstance(record[data], str):
        with contextlib.suppress(ValueError):
            matched[data] = json.loads(record[data])
    return any(EventPattern.load(each.get("Pattern")).matches_event(matched) for each in filters)


def queue_record(message: Any, source: Source) -> Record:
    """Return a message of moto's as a record, after "Using Lambda with Amazon SQS"."""
    attributes = {
        "ApproximateReceiveCount": str(message.approximate_receive_count),
        "AWSTraceHeader": message.system_attributes.get("AWSTraceHeader", {}).get("StringValue"),
        "SentTimestamp": str(message.sent_timestamp),
        "SenderId": message.sender_id,
        "ApproximateFirstReceiveTimestamp": str(message.approximate_first_receive_timestamp),
        "MessageGroupId": message.group_id,
        "MessageDeduplicationId": message.deduplication_id,
        "SequenceNumber": message.sequence_number,
    }
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": {name: value for name, value in attributes.items() if value is not None},
        "messageAttributes": {
            name: _message_attribute(value) for name, value in message.message_attributes.items()
        },
        "md5OfBody": message.body_md5,
        **({"md5OfMessageAttributes": message.attribute_md5} if message.message_attributes else {}),
        "eventSource": "aws:sqs",
        "eventSourceARN": source.arn,
        "awsRegion": source.region,
    }


def _message_attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    data_type = value.get("data_type") or value.get("DataType")
    given = {
        "stringValue": value.get("string_value") or value.get("StringValue"),
        "binaryValue": value.get("binary_value") or value.get("BinaryValue"),
    }
    return {
        **{name: text for name, text in given.items() if text is not None},
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": data_type,
    }


def stream_record(item: Any, source: Source) -> Record:
    """Return an item of moto's stream as a record; its time is in seconds since 1970."""
    record = item.to_json()
    change = dict(record["dynamodb"])
    created = change.get("ApproximateCreationDateTime")
    if isinstance(created, datetime):
        change["ApproximateCreationDateTime"] = int(created.replace(tzinfo=UTC).timestamp())
    return {
        **record,
        "eventVersion": "1.1",
        "awsRegion": source.region,
        "dynamodb": change,
        "eventSourceARN": source.arn,
    }
