"""Other services that invoke functions, if the function's policy lets them in."""

import base64
import gzip
import json
import time
from typing import Any

from tests.integration.fidelity.case import ARN, Case, Source, guide
from tests.integration.fidelity.lab import Lab

EVENTS = Source('EventBridge User Guide, "Event structure reference"', "2026-11")
PRINTS = ("import json", "def handler(event, context):", "    print(json.dumps(event))")


def printed(lab: Lab, name: str) -> dict[str, Any]:
    """Return the first event that the function has printed."""

    def read() -> Any:
        return [json.loads(line) for line in lab.logged(name) if line.startswith("{")]

    event: dict[str, Any] = lab.eventually(read)[0]
    return event


def topic(lab: Lab) -> object:
    name, sns = lab.function(*PRINTS), lab.client("sns")
    arn = lab.topic()
    lab.permit(name, "sns", arn)
    sns.subscribe(TopicArn=arn, Protocol="lambda", Endpoint=ARN + name)
    colour = {"DataType": "String", "StringValue": "white"}
    sns.publish(
        TopicArn=arn, Message="hello", Subject="rides", MessageAttributes={"Colour": colour}
    )
    [record] = printed(lab, name)["Records"]
    sent = record["Sns"]
    return {
        **{key: record[key] for key in ("EventSource", "EventVersion")},
        **{key: sent[key] for key in ("Type", "TopicArn", "Subject", "Message")},
        **{key: sent[key] for key in ("MessageAttributes", "Timestamp", "MessageId")},
    }


def rule(lab: Lab) -> object:
    name, events, named = lab.function(*PRINTS), lab.client("events"), lab.name("RULE")
    pattern = json.dumps({"source": [named]})
    arn = events.put_rule(Name=named, EventPattern=pattern)["RuleArn"]
    lab.afterwards(events.delete_rule, Name=named)
    lab.permit(name, "events", arn)
    events.put_targets(Rule=named, Targets=[{"Id": "f", "Arn": ARN + name}])
    lab.afterwards(events.remove_targets, Rule=named, Ids=["f"])
    events.put_events(Entries=[{"Source": named, "DetailType": "ride", "Detail": '{"a": 1}'}])
    seen = printed(lab, name)
    kept = ("version", "detail-type", "source", "account", "region", "resources", "detail")
    return {key: seen[key] for key in kept}


def subscription(lab: Lab) -> object:
    name, logs, group = lab.function(*PRINTS), lab.client("logs"), lab.name("GROUP")
    logs.create_log_group(logGroupName=group)
    lab.afterwards(logs.delete_log_group, logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    lab.permit(name, "logs", f"arn:aws:logs:us-east-1:123456789012:log-group:{group}:*")
    logs.put_subscription_filter(
        logGroupName=group, filterName="all", filterPattern="", destinationArn=ARN + name
    )
    logs.put_log_events(
        logGroupName=group,
        logStreamName="s",
        logEvents=[{"timestamp": int(time.time() * 1000), "message": "a line"}],
    )
    data = base64.b64decode(printed(lab, name)["awslogs"]["data"])
    seen = json.loads(gzip.decompress(data))
    return {
        **{key: seen[key] for key in ("messageType", "owner", "logGroup", "logStream")},
        "subscriptionFilters": seen["subscriptionFilters"],
        "messages": [event["message"] for event in seen["logEvents"]],
    }


CASES = (
    Case(
        "A topic invokes a function with its message",
        "publish to a topic that the function has subscribed to",
        {
            "EventSource": "aws:sns",
            "EventVersion": "1.0",
            "Type": "Notification",
            "TopicArn": "arn:aws:sns:us-east-1:123456789012:TOPIC",
            "Subject": "rides",
            "Message": "hello",
            "MessageAttributes": {"Colour": {"Type": "String", "Value": "white"}},
            "Timestamp": "TIME",
            "MessageId": "UUID",
        },
        topic,
        guide("Invoking Lambda functions with Amazon SNS notifications"),
    ),
    Case(
        "A rule of an event bus invokes a function with the event",
        "put_events",
        {
            "version": "0",
            "detail-type": "ride",
            "source": "RULE",
            "account": "123456789012",
            "region": "us-east-1",
            "resources": [],
            "detail": {"a": 1},
        },
        rule,
        EVENTS,
    ),
    Case(
        "A subscription filter invokes a function with compressed log events",
        "put_log_events",
        {
            "messageType": "DATA_MESSAGE",
            "owner": "123456789012",
            "logGroup": "GROUP",
            "logStream": "s",
            "subscriptionFilters": ["all"],
            "messages": ["a line"],
        },
        subscription,
        guide("Using Lambda with CloudWatch Logs"),
    ),
)
