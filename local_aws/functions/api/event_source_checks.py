"""Checks an event source mapping against its source, and whether the function's role may read the source."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local_aws.functions.api.errors import ApiError, invalid_parameter, not_offered
from local_aws.functions.api.event_filters import is_filter_pattern
from local_aws.functions.api.event_source import Source, queue_of, table_of
from local_aws.functions.api.roles import may, sending
from local_aws.functions.api.version import Configuration
from local_aws.iam.api_call import ApiCall

_SQS_CALLS = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
_STREAM_CALLS = ("GetRecords", "GetShardIterator", "DescribeStream")
# "Control which events Lambda sends to your function": the most filters of a mapping.
FILTER_LIMIT = 5
# "Lambda parameters for Amazon DynamoDB event source mappings", in seconds.
SHORTEST_AGE_S = 60
# The members of mappings of streams only, and of queues only.
_OF_STREAMS_ALONE = (
    *("BisectBatchOnFunctionError", "DestinationConfig", "MaximumRecordAgeInSeconds"),
    *("MaximumRetryAttempts", "ParallelizationFactor", "StartingPositionTimestamp"),
    "TumblingWindowInSeconds",
)
_OF_QUEUES_ALONE = ("ScalingConfig",)
# The members of mappings of brokers, Kafka and DocumentDB only.
_OF_OTHERS = (
    *("AmazonManagedKafkaEventSourceConfig", "DocumentDBEventSourceConfig", "LoggingConfig"),
    *("Queues", "SelfManagedKafkaEventSourceConfig", "SourceAccessConfigurations", "Topics"),
)
# Members that Lambda supports for queues and streams, and the local AWS does not.
_NOT_OFFERED = ("KMSKeyArn", "MetricsConfig", "ProvisionedPollerConfig")


@dataclass(frozen=True)
class ProposedMapping:
    """A mapping before it is stored: its source and members, its function's name and configuration, and the region."""

    source: Source
    members: Mapping[str, Any]
    function: str
    configuration: Configuration
    region: str

    def may(self, call: ApiCall) -> bool:
        """Whether the function's role may make a call."""
        return may(self.configuration.role, self.function, call, self.region)


def refuse_ignored(given: Mapping[str, Any]) -> None:
    """Raise ApiError for parameters that mappings here would ignore."""
    for name in _OF_OTHERS:
        if given.get(name):
            raise _unsupported(name)
    for name in _NOT_OFFERED:
        if given.get(name):
            raise not_offered(f"{name} of event source mappings")


def check(proposed: ProposedMapping) -> None:
    """Raise ApiError if the mapping does not fit its source, or its function's role lacks a permission for it."""
    _check_filters(proposed.members)
    _check_members(proposed)
    if proposed.source.service == "sqs":
        _check_queue(proposed)
    else:
        _check_stream(proposed)
        _check_destination(proposed)


def _check_members(proposed: ProposedMapping) -> None:
    """Refuse members that do not belong to the kind of source, or that the local AWS does not support."""
    others = _OF_STREAMS_ALONE if proposed.source.service == "sqs" else _OF_QUEUES_ALONE
    destinations = proposed.members.get("DestinationConfig", {})
    given = [
        name for name in others if proposed.members.get(name) not in (None, {}, {"OnFailure": {}})
    ]
    if "OnSuccess" in destinations:
        given.append("DestinationConfig")
    if given:
        raise _unsupported(given[0])
    if proposed.members.get("TumblingWindowInSeconds"):
        raise not_offered("tumbling windows of event source mappings")


def _check_queue(proposed: ProposedMapping) -> None:
    source, mapping, configuration = proposed.source, proposed.members, proposed.configuration
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
        if not proposed.may(ApiCall("sqs", operation, {"QueueUrl": source.name})):
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


def _check_stream(proposed: ProposedMapping) -> None:
    source, position = proposed.source, proposed.members.get("StartingPosition")
    if position is None:
        raise invalid_parameter(
            "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: "
            "Member must not be null."
        )
    if position == "AT_TIMESTAMP":
        raise invalid_parameter(f"Unsupported starting position for arn type: {source.arn}")
    if proposed.members.get("StartingPositionTimestamp") is not None:
        raise invalid_parameter("Timestamp only valid with StartingPosition AT_TIMESTAMP")
    age_s = proposed.members["MaximumRecordAgeInSeconds"]
    if -1 < age_s < SHORTEST_AGE_S:
        raise invalid_parameter(
            f"MaximumRecordAgeInSeconds must be -1 or at least {SHORTEST_AGE_S}, not {age_s}."
        )
    if not all(
        proposed.may(ApiCall("dynamodbstreams", operation, {"StreamArn": source.arn}))
        for operation in _STREAM_CALLS
    ):
        raise invalid_parameter(
            f"Cannot access stream {source.arn}. Please ensure the role can perform the GetRecords, "
            "GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM."
        )
    if table_of(source) is None:
        raise invalid_parameter(f"Stream not found: {source.arn}")


def _check_destination(proposed: ProposedMapping) -> None:
    """Refuse a destination for discarded records that is not a queue or topic, or that the role may not send to."""
    arn = proposed.members.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
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
    if not proposed.may(call):
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
