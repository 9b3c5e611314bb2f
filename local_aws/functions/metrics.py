"""Publishes Lambda's metrics, after "Types of metrics for Lambda functions".

Invocation metrics are "binary indicators": 0 or 1 for each request. All metrics of a request have the time of its
start. They are available at once; in AWS, this takes a minute or so.
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
    """Publish a request that ran; `running` is the number of the function's requests at its start, including it."""
    error = reply.status != "success"
    _publish(function, started, "Count", Invocations=1, Errors=int(error), Throttles=0)
    _publish(function, started, "Milliseconds", Duration=round(reply.duration_ms, 2))
    concurrent = {(): running_in_region, (("FunctionName", function.name),): running}
    metrics_of(function.account, function.region).put(
        _datum("ConcurrentExecutions", dimensions, started, count, "Count")
        for dimensions, count in concurrent.items()
    )


def publish_throttle(function: FunctionVersion, started: datetime) -> None:
    """Publish a throttled request, which is neither an invocation nor an error."""
    _publish(function, started, "Count", Throttles=1)


def publish_event_received(function: FunctionVersion) -> None:
    """Publish that an asynchronous event was queued."""
    _publish(function, datetime.now(UTC), "Count", AsyncEventsReceived=1)


def publish_event_age(function: FunctionVersion, received: datetime, began: datetime) -> None:
    """Publish how long after it was received an attempt to run an event began."""
    age_ms = (began - received).total_seconds() * 1000
    _publish(function, began, "Milliseconds", AsyncEventAge=round(age_ms, 2))


def publish_event_dropped(function: FunctionVersion) -> None:
    """Publish that an event was dropped."""
    _publish(function, datetime.now(UTC), "Count", AsyncEventsDropped=1)


def publish_recursion_stopped(function: FunctionVersion) -> None:
    """Publish that an invocation in a recursive loop was stopped."""
    _publish(function, datetime.now(UTC), "Count", RecursiveInvocationsDropped=1)


def publish_delivery_failure(function: FunctionVersion, metric: str) -> None:
    """Publish that a record or a dead letter could not be delivered, given the name of the metric."""
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
    """Return the sets of dimensions in "Viewing metrics for Lambda functions", each sorted by name.

    They are: none, for all functions in the region; the function; for a request to a version or an alias, that
    Resource; and for an alias, its ExecutedVersion.
    """
    by_function = (("FunctionName", function.name),)
    sets: list[Dimensions] = [(), by_function]
    if function.qualifier is not None:
        resource = (*by_function, ("Resource", f"{function.name}:{function.qualifier}"))
        sets.append(resource)
        if function.qualifier != function.version:
            sets.append((("ExecutedVersion", function.version), *resource))
    return sets
