"""moto 5.2.5's topics send made-up records to functions, without permission and without the tracing header.

Without this seam test_events_of_services.py and test_recursive_loops.py (tests/integration) fail.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from moto.sns.models import Subscription

from local_aws.functions import recursion
from local_aws.functions.api.errors import ApiError
from local_aws.functions.api.function_arns import find_by_arn
from local_aws.functions.api.store import Stores
from local_aws.functions.executor import Executor
from local_aws.functions.json_events import event_of
from local_aws.functions.resource_policies import permits_arn
from local_aws.functions.runnable import runnable
from local_aws.iam.services_sending import may_send
from local_aws.moto_seams import request_trace
from local_aws.reports import report

SNS = "sns.amazonaws.com"
# The members of messages that have another spelling in records for functions.
_RENAMED = {"SigningCertURL": "SigningCertUrl", "UnsubscribeURL": "UnsubscribeUrl"}

_publish = Subscription.publish


def install(executor: Executor, stores: Stores) -> None:
    """Make topics invoke the functions in `stores`, which `executor` runs."""
    Subscription.publish = _publishing(executor, stores)


def _publishing(executor: Executor, stores: Stores) -> Callable[..., None]:
    """Return moto's function that publishes to a subscription, with functions; without permission, it does nothing."""

    def publish(
        subscription: Subscription,
        message: str,
        message_id: str,
        subject: str | None = None,
        message_attributes: dict[str, Any] | None = None,
        **options: Any,
    ) -> None:
        if subscription.protocol == "sqs" and not _may_send(subscription):
            return
        if subscription.protocol != "lambda":
            _publish(subscription, message, message_id, subject, message_attributes, **options)
            return
        matcher = subscription._filter_policy_matcher
        if matcher is not None and not matcher.matches(message_attributes, message):
            return
        if options.get("message_structure") == "json":
            message = subscription._parse_message_structure(message, subscription.protocol)
        if permits_arn(stores, subscription.endpoint, SNS, subscription.topic.arn):
            record = _record(subscription, message, message_id, subject, message_attributes)
            _invoke(executor, stores, subscription, event_of([record]))

    return publish


def _may_send(subscription: Subscription) -> bool:
    topic, queue = subscription.topic.arn, subscription.endpoint
    allowed = may_send(SNS, topic, subscription.account_id, queue)
    if not allowed:
        report(f"the policy of {queue} does not let the topic {topic} send to it.")
    return allowed


def _invoke(executor: Executor, stores: Stores, subscription: Subscription, event: bytes) -> None:
    named = find_by_arn(stores, subscription.endpoint)
    if named is None:
        return
    store, reference = named
    resolve = partial(runnable, store, reference)
    trace = request_trace.header()
    try:
        recursion.check(store, resolve(), trace)
        executor.enqueue(resolve, event, trace=trace)
    except ApiError as error:
        report(f"the topic {subscription.topic.arn}: {error}")


def _record(
    subscription: Subscription,
    message: str,
    message_id: str,
    subject: str | None,
    attributes: dict[str, Any] | None,
) -> dict[str, Any]:
    """Return the record, after "Invoking Lambda functions with Amazon SNS notifications"."""
    data = subscription.get_post_data(message, message_id, subject, attributes)
    members = {_RENAMED.get(name, name): value for name, value in data.items()}
    return {
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscription.arn,
        "EventSource": "aws:sns",
        "Sns": {**members, "Subject": subject, "MessageAttributes": attributes or {}},
    }
