"""What Lambda checks of a queue or a stream before it lets it invoke a function."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.sqs.models import sqs_backends

from local_aws.functions.api.errors import ApiError, invalid_parameter, not_offered
from local_aws.functions.api.event_filters import is_filter_pattern
from local_aws.functions.api.roles import may, sending
from local_aws.functions.api.store import Configuration
from local_aws.iam.api_call import ApiCall

_SQS_CALLS = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
_STREAM_CALLS = ("GetRecords", "GetShardIterator", "DescribeStream")
# "Control which events Lambda sends to your function": the quota of a mapping.
FILTER_LIMIT = 5
# "Lambda parameters for Amazon DynamoDB event source mappings", in seconds.
SHORTEST_AGE_S = 60
# The members of a mapping that only streams have, and those that only queues have.
_OF_STREAMS_ALONE = (
    *("BisectBatchOnFunctionError", "DestinationConfig", "MaximumRecordAgeInSeconds"),
    *("MaximumRetryAttempts", "ParallelizationFactor", "StartingPositionTimestamp"),
    "TumblingWindowInSeconds",
)
_OF_QUEUES_ALONE = ("ScalingConfig",)
# Those that only brokers, Kafka and DocumentDB have.
_OF_OTHERS = (
    *("AmazonManagedKafkaEventSourceConfig", "DocumentDBEventSourceConfig", "LoggingConfig"),
    *("Queues", "SelfManagedKafkaEventSourceConfig", "SourceAccessConfigurations", "Topics"),
)
# What queues and streams have in Lambda, and mappings here have not.
_NOT_OFFERED = ("KMSKeyArn", "MetricsConfig", "ProvisionedPollerConfig")
_STREAM = re.compile(r"table/[^/]+/stream/[^/]+")


@dataclass(frozen=True)
class Source:
    """A queue or a stream, by its ARN."""

    arn: str
    service: str
    region: str
    account: str
    name: str


def source_of(arn: str | None, region: str) -> Source:
    """Return the source that an ARN names; raises ApiError if it is no queue or stream of a table in the region."""
    if not arn or arn.count(":") < 5:
        raise invalid_parameter("Unrecognized event source.")
    _, _, service, where, account, name = arn.split(":", 5)
    if service not in ("sqs", "dynamodb"):
        raise not_offered(f"event sources of {service}: it has SQS queues and DynamoDB streams")
    if service == "dynamodb" and not _STREAM.fullmatch(name):
        raise invalid_parameter("Unrecognized event source.")
    if where != region:
        raise invalid_parameter(f"Event source region must match Lambda region {region}.")
    return Source(arn, service, where, account, name)


def refuse_ignored(given: Mapping[str, Any]) -> None:
    """Raise ApiError for parameters of CreateEventSourceMapping that no mapping here would heed."""
    for name in _OF_OTHERS:
        if given.get(name):
            raise _unsupported(name)
    for name in _NOT_OFFERED:
        if given.get(name):
            raise not_offered(f"{name} of event source mappings")


def queue_of(source: Source) -> Any:
    """Return moto's queue; None if there is none."""
    return sqs_backends[source.account][source.region].queues.get(source.name)


def table_of(source: Source) -> Any:
    """Return moto's table of a stream; None if there is none."""
    _, name, _, label = source.name.split("/", 3)
    table = dynamodb_backends[source.account][source.region].tables.get(name)
    return table if table is not None and table.latest_stream_label == label else None


@dataclass(frozen=True)
class Wanted:
    """A mapping that is to be: its source, its members, the function's name and configuration, and the region."""

    source: Source
    mapping: Mapping[str, Any]
    function: str
    configuration: Configuration
    region: str

    def may(self, call: ApiCall) -> bool:
        """Whether the function's role may make a call."""
        return may(self.configuration.role, self.function, call, self.region)


def check(wanted: Wanted) -> None:
    """Raise ApiError if the mapping does not fit its source, or the function's role may not do what it asks."""
    _check_filters(wanted.mapping)
    _check_members(wanted)
    if wanted.source.service == "sqs":
        _check_queue(wanted)
    else:
        _check_stream(wanted)
        _check_destination(wanted)


def _check_members(wanted: Wanted) -> None:
    """Refuse what the kind of source does not have, and what the local AWS has not."""
    others = _OF_STREAMS_ALONE if wanted.source.service == "sqs" else _OF_QUEUES_ALONE
    destinations = wanted.mapping.get("DestinationConfig", {})
    given = [
        name for name in others if wanted.mapping.get(name) not in (None, {}, {"OnFailure": {}})
    ]
    if "OnSuccess" in destinations:
        given.append("DestinationConfig")
    if given:
        raise _unsupported(given[0])
    if wanted.mapping.get("TumblingWindowInSeconds"):
        raise not_offered("tumbling windows of event source mappings")


def _check_queue(wanted: Wanted) -> None:
    source, mapping, configuration = wanted.source, wanted.mapping, wanted.configuration
    if "StartingPosition" in mapping:
        raise invalid_parameter("StartingPosition is not valid for SQS event sources.")
    if mapping["BatchSize"] > 10 and not mapping["MaximumBatchingWindowInSeconds"]:
        raise invalid_parameter(
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"
        )
    # "Using Lambda with Amazon SQS": FIFO queues have neither larger batches nor windows.
    if source.name.endswith(".fifo") and mapping["MaximumBatchingWindowInSeconds"]:
        raise invalid_parameter("Batching window is not supported for FIFO queues.")
    for operation in _SQS_CALLS:
        if not wanted.may(ApiCall("sqs", operation, {"QueueUrl": source.name})):
            raise invalid_parameter(
                f"The function execution role does not have permissions to call {operation} on SQS"
            )
    queue = queue_of(source)
    if queue is None:
        raise invalid_parameter(
            "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. "
            "SQS Error Message: The specified queue does not exist."
        )
    if queue.visibility_timeout < configuration.timeout_s:
        raise invalid_parameter(
            f"Queue visibility timeout: {queue.visibility_timeout} seconds is less than "
            f"Function timeout: {configuration.timeout_s} seconds"
        )


def _check_stream(wanted: Wanted) -> None:
    source, position = wanted.source, wanted.mapping.get("StartingPosition")
    if position is None:
        raise invalid_parameter(
            "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: "
            "Member must not be null."
        )
    if position == "AT_TIMESTAMP":
        raise invalid_parameter(f"Unsupported starting position for arn type: {source.arn}")
    if wanted.mapping.get("StartingPositionTimestamp") is not None:
        raise invalid_parameter("Timestamp only valid with StartingPosition AT_TIMESTAMP")
    age_s = wanted.mapping["MaximumRecordAgeInSeconds"]
    if -1 < age_s < SHORTEST_AGE_S:
        raise invalid_parameter(
            f"MaximumRecordAgeInSeconds must be -1 or at least {SHORTEST_AGE_S}, not {age_s}."
        )
    if not all(
        wanted.may(ApiCall("dynamodbstreams", operation, {"StreamArn": source.arn}))
        for operation in _STREAM_CALLS
    ):
        raise invalid_parameter(
            f"Cannot access stream {source.arn}. Please ensure the role can perform the GetRecords, "
            "GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM."
        )
    if table_of(source) is None:
        raise invalid_parameter(f"Stream not found: {source.arn}")


def _check_destination(wanted: Wanted) -> None:
    """Refuse a destination for discarded records that is no queue or topic, or that the role may not send to."""
    arn = wanted.mapping.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    if not arn:
        return
    if arn.startswith(("arn:aws:s3:", "kafka://")):
        raise not_offered("buckets and Kafka topics as destinations of event source mappings")
    call = sending(arn)
    if call is None or call.service not in ("sqs", "sns"):
        raise invalid_parameter(
            "The provided destination config DestinationConfig(onSuccess=null, "
            f"onFailure=OnFailure(destination={arn})) is invalid."
        )
    if not wanted.may(call):
        raise invalid_parameter(
            "The function execution role does not have permissions to call "
            f"{call.operation} on {call.service.upper()}"
        )


def _check_filters(mapping: Mapping[str, Any]) -> None:
    filters = mapping.get("FilterCriteria", {}).get("Filters", [])
    if len(filters) > FILTER_LIMIT:
        raise invalid_parameter(
            f"A mapping has at most {FILTER_LIMIT} filters, and these are {len(filters)}."
        )
    if not all(is_filter_pattern(each.get("Pattern")) for each in filters):
        raise invalid_parameter("Invalid filter pattern definition.")


def _unsupported(name: str) -> ApiError:
    return invalid_parameter(f"Unsupported {name} parameter for given event source mapping type.")
