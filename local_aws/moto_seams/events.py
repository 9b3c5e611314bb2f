"""moto 5.2.5's EventBridge does not invoke functions, and sends the time of events as a number.

It also sends to queues whose policies do not allow it. Without this seam test_events_of_services.py (tests/integration)
fails.
"""

import copy
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from moto.events.models import Rule
from moto.events.utils import EventTemplateParser

from local_aws.arns import Arn
from local_aws.functions.api.errors import ApiError
from local_aws.functions.api.function_arns import find_by_arn
from local_aws.functions.api.store import Stores
from local_aws.functions.executor import Executor
from local_aws.functions.resource_policies import permits
from local_aws.functions.runnable import runnable
from local_aws.iam.services_sending import may_send
from local_aws.reports import report
from local_aws.timestamps import to_the_second

EVENTS = "events.amazonaws.com"

Target = Mapping[str, Any]

_send_to_targets = Rule.send_to_targets


def install(executor: Executor, stores: Stores) -> None:
    """Make rules invoke the functions in `stores`, which `executor` runs."""
    send = partial(_send_to_function, executor, stores)
    Rule.send_to_targets = lambda rule, event, transform_input=True: send_to_targets(
        rule, event, transform_input, send
    )


def send_to_targets(
    rule: Rule, event: dict[str, Any], transform: bool, send: Callable[[Rule, Target, bytes], None]
) -> None:
    """Send a matching event to the rule's functions, and to its other targets as moto does."""
    functions = [target for target in rule.targets if Arn.of(target["Arn"]).service == "lambda"]
    others = copy.copy(rule)
    others.targets = [
        target for target in rule.targets if target not in functions and _permits(target, rule)
    ]
    if functions and rule.event_pattern.matches_event(event):
        sent = _as_sent(event)
        for target in functions:
            send(rule, target, json.dumps(_event_for(target, sent, transform)).encode())
    _send_to_targets(others, event, transform)


def _permits(target: Target, rule: Rule) -> bool:
    """Whether a target accepts the events of a rule: the policy of a queue must allow it."""
    arn = target["Arn"]
    if Arn.of(arn).service != "sqs" or may_send(EVENTS, rule.arn, rule.account_id, arn):
        return True
    report(f"the policy of {arn} does not let the rule {rule.arn} send to it.")
    return False


def _as_sent(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event as targets receive it, after "Structure of events" in the EventBridge guide."""
    at = event.get("time")
    if isinstance(at, int | float):
        event = {**event, "time": to_the_second(datetime.fromtimestamp(at, UTC))}
    return {name: value for name, value in event.items() if name != "ingestion-time"}


def _event_for(target: Target, event: dict[str, Any], transform: bool) -> Any:
    transformer = target.get("InputTransformer", {})
    if "Input" in target:
        return json.loads(target["Input"])
    if not transform or not transformer:
        return event
    return EventTemplateParser.parse(
        input_template=transformer.get("InputTemplate"),
        input_paths_map=transformer.get("InputPathsMap", {}),
        event=event,
    )


def _send_to_function(
    executor: Executor, stores: Stores, rule: Rule, target: Target, event: bytes
) -> None:
    named = find_by_arn(stores, target["Arn"])
    if named is None or not permits(*named, EVENTS, rule.arn):
        report(f"the policy of {target['Arn']} does not let the rule {rule.arn} invoke it.")
        return
    try:
        executor.enqueue(partial(runnable, *named), event)
    except ApiError as error:
        report(f"the rule {rule.arn}: {error}")
