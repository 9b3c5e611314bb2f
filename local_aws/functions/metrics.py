"""What Lambda tells CloudWatch of its functions, after "Types of metrics for Lambda functions".

Invocation metrics are "binary indicators": 0 or 1 for each request. The time of all is the minute in which the request
started; they are available at once, while Lambda takes a minute or so.
"""

from datetime import UTC, datetime

from local_aws.cloudwatch.metrics import Datum, Metric
from local_aws.cloudwatch.service import metrics_of
from local_aws.functions.environment import Reply
from local_aws.functions.function_version import FunctionVersion

Dimensions = tuple[tuple[str, str], ...]
NAMESPACE = "AWS/Lambda"


def publish_invocation(
    function: FunctionVersion, reply: Reply, started: datetime, running: int, running_in_region: int
) -> None:
    """Publish a request that ran; `running` counts the function's requests at its start, this one among them."""
    error = reply.status != "success"
    _publish(function, started, "Count", Invocations=1, Errors=int(error), Throttles=0)
    _publish(function, started, "Milliseconds", Duration=round(reply.duration_ms, 2))
    concurrent = {(): running_in_region, (("FunctionName", function.name),): running}
    metrics_of(function.account, function.region).put(
        _datum("ConcurrentExecutions", dimensions, started, count, "Count")
        for dimensions, count in concurrent.items()
    )


def publish_throttle(function: FunctionVersion, started: datetime) -> None:
    """Publish a request that was throttled: no invocation, no error."""
    _publish(function, started, "Count", Throttles=1)


def publish_event_received(function: FunctionVersion) -> None:
    """Publish that an asynchronous event was queued."""
    _publish(function, datetime.now(UTC), "Count", AsyncEventsReceived=1)


def publish_event_age(function: FunctionVersion, received: datetime, began: datetime) -> None:
    """Publish how long an event had waited since it was received when an attempt at it began."""
    age_ms = (began - received).total_seconds() * 1000
    _publish(function, began, "Milliseconds", AsyncEventAge=round(age_ms, 2))


def publish_event_dropped(function: FunctionVersion) -> None:
    """Publish that an event was given up."""
    _publish(function, datetime.now(UTC), "Count", AsyncEventsDropped=1)


def publish_recursion_stopped(function: FunctionVersion) -> None:
    """Publish that an invocation was stopped, since it was a round too many of a loop."""
    _publish(function, datetime.now(UTC), "Count", RecursiveInvocationsDropped=1)


def publish_delivery_failure(function: FunctionVersion, metric: str) -> None:
    """Publish that a record or a dead letter could not be delivered, under the metric's name."""
    _publish(function, datetime.now(UTC), "Count", **{metric: 1})


def _publish(function: FunctionVersion, at: datetime, unit: str, **values: float) -> None:
    metrics_of(function.account, function.region).put(
        _datum(name, dimensions, at, value, unit)
        for dimensions in _dimension_sets(function)
        for name, value in values.items()
    )


def _datum(name: str, dimensions: Dimensions, at: datetime, value: float, unit: str) -> Datum:
    return Datum.of(Metric(NAMESPACE, name, dimensions), int(at.timestamp()), value, unit)


def _dimension_sets(function: FunctionVersion) -> list[Dimensions]:
    """Return the dimensions that "Viewing metrics for Lambda functions" lists.

    They are: none, across all functions of the region; the function; for a request to a version or an alias, that
    Resource; and for an alias the ExecutedVersion behind it. Sorted by name, as Metric wants them.
    """
    by_function = (("FunctionName", function.name),)
    sets: list[Dimensions] = [(), by_function]
    if function.qualifier is not None:
        resource = (*by_function, ("Resource", f"{function.name}:{function.qualifier}"))
        sets.append(resource)
        if function.qualifier != function.version:
            sets.append((("ExecutedVersion", function.version), *resource))
    return sets
