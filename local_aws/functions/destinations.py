"""Sends the results of asynchronous events to destinations and dead-letter queues, on behalf of the function's role.

The records follow "Capturing records of Lambda asynchronous invocations" in the Lambda guide.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from moto.events.models import events_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from local_aws.arns import Arn
from local_aws.functions.api.roles import may, sending
from local_aws.functions.api.store import LATEST
from local_aws.functions.event_queue import Attempt, Condition, QueuedEvent
from local_aws.functions.function_version import FunctionVersion
from local_aws.functions.metrics import publish_delivery_failure
from local_aws.reports import report
from local_aws.timestamps import to_the_millisecond

_DETAIL_TYPES = {
    True: "Lambda Function Invocation Result - Success",
    False: "Lambda Function Invocation Result - Failure",
}


@dataclass(frozen=True)
class Delivery:
    """A message to an ARN: its body and, for a dead-letter queue, attributes."""

    arn: str
    body: str
    attributes: Mapping[str, Any]
    succeeded: bool


class Destinations:
    """Delivers the results of events; `enqueue` queues an event for a function, given by its ARN."""

    def __init__(self, enqueue: Callable[[str, bytes], None]) -> None:
        self._enqueue = enqueue

    def deliver(self, event: QueuedEvent, attempt: Attempt, condition: Condition) -> None:
        """Send the record of a finished event to its destination, and a failed event to its dead-letter queue."""
        function = attempt.function
        settings = function.asynchronous
        succeeded = condition == "Success"
        target = settings.on_success if succeeded else settings.on_failure
        if target:
            record = json.dumps(_record(event, attempt, condition))
            self.send(function, target, record, succeeded=succeeded)
        if settings.dead_letter_arn and not succeeded:
            letter = Delivery(
                settings.dead_letter_arn, event.payload.decode(), _attributes(event, attempt), False
            )
            self._send(function, letter, "DeadLetterErrors")

    def send(
        self, function: FunctionVersion, arn: str, record: str, *, succeeded: bool = False
    ) -> None:
        """Send a record to a destination, on behalf of the function's role."""
        delivery = Delivery(arn, record, {}, succeeded)
        self._send(function, delivery, "DestinationDeliveryFailures")

    def _send(self, function: FunctionVersion, delivery: Delivery, metric: str) -> None:
        try:
            self._send_as(function, delivery)
        # As in AWS, a failed delivery does not affect the function; it only appears in a metric.
        except Exception as error:
            report(f"nothing was delivered to {delivery.arn}: {error}")
            publish_delivery_failure(function, metric)

    def _send_as(self, function: FunctionVersion, delivery: Delivery) -> None:
        call = sending(delivery.arn)
        if call is None or not may(function.role_arn, function.name, call, function.region):
            raise PermissionError("the function's role may not send there")
        _, service, region, account, name = Arn.of(delivery.arn)
        if service == "sqs":
            sqs_backends[account][region].send_message(
                name, delivery.body, message_attributes=dict(delivery.attributes)
            )
        elif service == "sns":
            sns_backends[account][region].publish(
                delivery.body, arn=delivery.arn, message_attributes=_for_sns(delivery.attributes)
            )
        elif service == "lambda":
            self._enqueue(delivery.arn, delivery.body.encode())
        else:
            _put_event(function, delivery, account, region)


def _put_event(function: FunctionVersion, delivery: Delivery, account: str, region: str) -> None:
    entry = {
        "Source": "lambda",
        "DetailType": _DETAIL_TYPES[delivery.succeeded],
        "Detail": delivery.body,
        "Resources": [delivery.arn, _qualified_arn(function)],
        "EventBusName": delivery.arn.rpartition("/")[2],
    }
    events_backends[account][region].put_events([entry])


def _record(event: QueuedEvent, attempt: Attempt, condition: Condition) -> dict[str, Any]:
    function = attempt.function
    ran = event.attempts + (0 if attempt.reply is None else 1)
    record = {
        "version": "1.0",
        "timestamp": to_the_millisecond(datetime.now(UTC)),
        "requestContext": {
            "requestId": event.request_id,
            "functionArn": _qualified_arn(function),
            "condition": condition,
            "approximateInvokeCount": ran,
        },
        "requestPayload": json.loads(event.payload),
    }
    if attempt.reply is None:
        return record
    failed = {} if attempt.succeeded else {"functionError": "Unhandled"}
    response = {"statusCode": 200, "executedVersion": function.version, **failed}
    payload = attempt.reply.payload
    return {
        **record,
        "responseContext": response,
        "responsePayload": json.loads(payload) if payload else None,
    }


def _qualified_arn(function: FunctionVersion) -> str:
    return function.invoked_arn if function.qualifier else f"{function.invoked_arn}:{LATEST}"


def _attributes(event: QueuedEvent, attempt: Attempt) -> dict[str, Any]:
    """Return the attributes of a dead letter: the request id, and the status and message of the error."""
    message = ""
    if attempt.reply is not None:
        body = json.loads(attempt.reply.payload or b"{}")
        message = str(body.get("errorMessage", "")) if isinstance(body, dict) else ""
    code = 429 if attempt.reply is None else 200
    attributes = {
        "RequestID": _text(event.request_id),
        "ErrorCode": {**_text(str(code)), "DataType": "Number"},
    }
    if message:
        attributes["ErrorMessage"] = _text(message[:1024])
    return attributes


def _text(value: str) -> dict[str, str]:
    return {"DataType": "String", "StringValue": value}


def _for_sns(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {"Type": value["DataType"], "Value": value["StringValue"]}
        for name, value in attributes.items()
    }
