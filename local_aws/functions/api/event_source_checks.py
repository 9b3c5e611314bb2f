"""What Lambda checks of a queue or a stream before it lets it invoke a function."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.events.models import EventPatternParser
from moto.sqs.models import sqs_backends

from local_aws.functions.api.errors import invalid_parameter, not_offered
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


@dataclass(frozen=True)
class Source:
    """A queue or a stream, by its ARN."""

    arn: str
    service: str
    region: str
    account: str
    name: str


def source_of(arn: str | None) -> Source:
    """Return the source that an ARN names; raises ApiError if it is no queue or stream of a table."""
    if not arn or arn.count(":") < 5:
        raise invalid_parameter("Unrecognized event source.")
    _, _, service, region, account, name = arn.split(":", 5)
    if service not in ("sqs", "dynamodb"):
        raise not_offered(f"event sources of {service}: it has SQS queues and DynamoDB streams")
    return Source(arn, service, region, account, name)


def queue_of(source: Source) -> Any:
    """Return moto's queue; None if there is none."""
    return sqs_backends[source.account][source.region].queues.get(source.name)


def table_of(source: Source) -> Any:
    """Return moto's table of a stream; None if there is none."""
    name = source.name.split("/")[1]
    table = dynamodb_backends[source.account][source.region].tables.get(name)
    return table if table is not None and table.latest_stream_label else None


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
        raise invalid_parameter(
            f"Unsupported {given[0]} parameter for given event source mapping type."
        )
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
    for each in filters:
        try:
            EventPatternParser(each.get("Pattern")).parse()
        except Exception as error:
            raise invalid_parameter("Invalid filter pattern definition.") from error
