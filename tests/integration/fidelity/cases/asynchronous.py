"""Asynchronous events: their request id, retries, age, destinations and dead letters."""

import json
from typing import Any

from tests.integration.fidelity.case import (
    ARN,
    Case,
    guide,
)
from tests.integration.fidelity.lab import Lab

SENDS = ("sqs:*", "sns:*", "events:*", "lambda:*", "logs:*")


def sender(lab: Lab, **configuration: Any) -> str:
    """Make a function whose role may send anywhere."""
    return lab.function(Role=lab.role(*SENDS), **configuration)


def configure(lab: Lab, name: str, **config: Any) -> dict[str, Any]:
    return lab.call("put_function_event_invoke_config", FunctionName=name, **config)


def send(lab: Lab, name: str, event: object) -> str:
    answered = lab.invoke(name, event, InvocationType="Event")
    request_id: str = answered["ResponseMetadata"]["RequestId"]
    return request_id


def record(lab: Lab, event: object, outcome: str, **config: Any) -> tuple[str, dict[str, Any]]:
    """Send an event to a function with a queue as its destination; returns the request id and the record."""
    url, arn = lab.queue()
    name = sender(lab)
    configure(lab, name, DestinationConfig={outcome: {"Destination": arn}}, **config)
    if config.get("MaximumRetryAttempts") is None and outcome == "OnFailure" and not config:
        lab.call("put_function_concurrency", FunctionName=name, ReservedConcurrentExecutions=0)
    request_id = send(lab, name, event)
    return request_id, json.loads(lab.message(url)["Body"])


def one_id(lab: Lab) -> object:
    request_id, recorded = record(lab, {"do": "context"}, "OnSuccess")
    return [
        request_id == recorded["requestContext"]["requestId"],
        request_id == recorded["responsePayload"]["request_id"],
    ]


def success(lab: Lab) -> object:
    _, recorded = record(lab, {"do": "sleep", "seconds": 0}, "OnSuccess")
    return {**recorded, "responsePayload": sorted(recorded["responsePayload"])}


def failure(lab: Lab) -> object:
    _, recorded = record(lab, {"do": "raise"}, "OnFailure", MaximumRetryAttempts=0)
    return {
        **recorded,
        "responsePayload": recorded["responsePayload"]["errorMessage"],
    }


def too_old(lab: Lab) -> object:
    _, recorded = record(lab, {"do": "raise"}, "OnFailure", MaximumEventAgeInSeconds=60)
    context = recorded["requestContext"]
    return [context["condition"], context["approximateInvokeCount"]]


def never_run(lab: Lab) -> object:
    _, recorded = record(lab, {}, "OnFailure")
    context = recorded["requestContext"]
    return [context["condition"], context["approximateInvokeCount"], "responseContext" in recorded]


def dead_letter(lab: Lab) -> object:
    url, arn = lab.queue()
    name = sender(lab, DeadLetterConfig={"TargetArn": arn})
    configure(lab, name, MaximumRetryAttempts=0)
    request_id = send(lab, name, {"do": "raise"})
    message = lab.message(url)
    attributes = {key: value["StringValue"] for key, value in message["MessageAttributes"].items()}
    return [
        json.loads(message["Body"]),
        attributes["ErrorCode"],
        attributes["ErrorMessage"],
        attributes["RequestID"] == request_id,
    ]


def dead_letter_of_topic(lab: Lab) -> object:
    url, queue = lab.queue()
    topic = lab.topic(Protocol="sqs", Endpoint=queue)
    name = sender(lab, DeadLetterConfig={"TargetArn": topic})
    configure(lab, name, MaximumRetryAttempts=0)
    send(lab, name, {"do": "raise"})
    published = json.loads(lab.message(url)["Body"])
    return [json.loads(published["Message"]), published["MessageAttributes"]["ErrorCode"]["Value"]]


def through_topic(lab: Lab) -> object:
    url, queue = lab.queue()
    topic = lab.topic(Protocol="sqs", Endpoint=queue)
    name = sender(lab)
    configure(lab, name, DestinationConfig={"OnSuccess": {"Destination": topic}})
    send(lab, name, {"do": "sleep", "seconds": 0})
    published = json.loads(json.loads(lab.message(url)["Body"])["Message"])
    return published["requestContext"]["condition"]


def through_bus(lab: Lab) -> object:
    url, queue = lab.queue()
    events, bus = lab.client("events"), lab.name("BUS")
    arn = events.create_event_bus(Name=bus)["EventBusArn"]
    lab.afterwards(events.delete_event_bus, Name=bus)
    events.put_rule(Name=bus, EventBusName=bus, EventPattern='{"source": ["lambda"]}')
    events.put_targets(Rule=bus, EventBusName=bus, Targets=[{"Id": "q", "Arn": queue}])
    name = sender(lab)
    configure(lab, name, DestinationConfig={"OnSuccess": {"Destination": arn}})
    send(lab, name, {"do": "sleep", "seconds": 0})
    put = json.loads(lab.message(url)["Body"])
    return [put["source"], put["detail-type"], put["detail"]["requestContext"]["condition"]]


def to_function(lab: Lab) -> object:
    target = lab.function(
        "def handler(event, context):",
        "    print('condition', event['requestContext']['condition'])",
    )
    name = sender(lab)
    configure(lab, name, DestinationConfig={"OnSuccess": {"Destination": ARN + target}})
    send(lab, name, {"do": "sleep", "seconds": 0})

    def line() -> Any:
        return [line for line in lab.logged(target) if line.startswith("condition")]

    return lab.eventually(line)


def retried(lab: Lab) -> object:
    """Return how often a failing event ran within a moment; the first retry comes a minute later."""
    name = lab.function()
    request_id = send(lab, name, {"do": "raise"})

    def ended() -> Any:
        return [line for line in lab.logged(name) if line.startswith("END")]

    return [len(lab.eventually(ended)), request_id in lab.logged(name)[1]]


LOOP = (
    "import boto3, json",
    "def handler(event, context):",
    "    print(f\"round {event['round']}\")",
    "    boto3.client('lambda').invoke(FunctionName=context.function_name, InvocationType='Event',",
    "        Payload=json.dumps({'round': event['round'] + 1}))",
)


def loop(lab: Lab) -> object:
    name = lab.function(*LOOP, Role=lab.role(*SENDS), Timeout=30)
    configure(lab, name, MaximumRetryAttempts=0)
    send(lab, name, {"round": 1})

    def stopped() -> Any:
        lines = lab.logged(name)
        return any("RecursiveInvocationException" in line for line in lines) and lines

    return len({line for line in lab.eventually(stopped) if line.startswith("round")})


CASES = (
    Case(
        "The request id of the answer is the context's and the record's",
        "invoke(InvocationType='Event')",
        [True, True],
        one_id,
    ),
    Case(
        "A failed event is not tried again at once",
        "a failing Event, for as long as its first attempt takes",
        [1, True],
        retried,
        guide("How Lambda handles errors and retries with asynchronous invocation"),
    ),
    Case(
        "With no retries a failure is recorded after one attempt",
        "MaximumRetryAttempts=0, OnFailure to SQS, a failing Event",
        {
            "version": "1.0",
            "timestamp": "TIME",
            "requestContext": {
                "requestId": "UUID",
                "functionArn": f"{ARN}NAME:$LATEST",
                "condition": "RetriesExhausted",
                "approximateInvokeCount": 1,
            },
            "requestPayload": {"do": "raise"},
            "responseContext": {
                "statusCode": 200,
                "executedVersion": "$LATEST",
                "functionError": "Unhandled",
            },
            "responsePayload": "as you wish",
        },
        failure,
    ),
    Case(
        "A success is recorded",
        "OnSuccess to SQS, an Event",
        {
            "version": "1.0",
            "timestamp": "TIME",
            "requestContext": {
                "requestId": "UUID",
                "functionArn": f"{ARN}NAME:$LATEST",
                "condition": "Success",
                "approximateInvokeCount": 1,
            },
            "requestPayload": {"do": "sleep", "seconds": 0},
            "responseContext": {"statusCode": 200, "executedVersion": "$LATEST"},
            "responsePayload": ["instance", "pid"],
        },
        success,
    ),
    Case(
        "An event that would be too old for its retry has one attempt",
        "MaximumEventAgeInSeconds=60, a failing Event",
        ["EventAgeExceeded", 1],
        too_old,
    ),
    Case(
        "A reserved concurrency of 0 ends an event at once",
        "put_function_concurrency(0), OnFailure, an Event",
        ["ZeroReservedConcurrency", 0, False],
        never_run,
    ),
    Case(
        "A failed event is a dead letter, with id and error",
        "DeadLetterConfig of an SQS queue, MaximumRetryAttempts=0, a failing Event",
        [{"do": "raise"}, "200", "as you wish", True],
        dead_letter,
    ),
    Case(
        "A dead letter may be published to an SNS topic",
        "DeadLetterConfig of an SNS topic, MaximumRetryAttempts=0, a failing Event",
        [{"do": "raise"}, "200"],
        dead_letter_of_topic,
    ),
    Case("A record reaches an SNS topic", "OnSuccess to SNS", "Success", through_topic),
    Case(
        "A record reaches an event bus",
        "OnSuccess to EventBridge",
        ["lambda", "Lambda Function Invocation Result - Success", "Success"],
        through_bus,
        guide("Capturing records of Lambda asynchronous invocations"),
    ),
    Case(
        "A record reaches another function",
        "OnSuccess to a function",
        ["condition Success\n"],
        to_function,
        guide("Capturing records of Lambda asynchronous invocations"),
    ),
    Case(
        "A function that invokes itself is stopped after 16 rounds",
        "an Event to a function that sends itself the next",
        16,
        loop,
        guide("Use Lambda recursive loop detection to prevent infinite loops"),
    ),
)
