"""Event invoke configs: for which qualifier, how they are put, and what is refused."""

from tests.integration.fidelity.case import (
    ARN,
    INVALID,
    MISSING,
    VALIDATION,
    Case,
    answer,
    refusal,
)
from tests.integration.fidelity.cases.asynchronous import configure, sender
from tests.integration.fidelity.lab import Lab, status

DETECTED = f"400 {VALIDATION}: 1 validation error detected:"


def put(lab: Lab) -> object:
    answered = configure(lab, lab.function(), MaximumRetryAttempts=1)
    return {
        key: value
        for key, value in answered.items()
        if key not in ("ResponseMetadata", "LastModified")
    }


def put_on_alias(lab: Lab) -> object:
    name = lab.versions("first")
    lab.call("create_alias", FunctionName=name, Name="live", FunctionVersion="1")
    configure(lab, name, Qualifier="live", MaximumRetryAttempts=1)
    configure(lab, name, Qualifier="1", MaximumRetryAttempts=2)
    listed = lab.call("list_function_event_invoke_configs", FunctionName=name)
    return sorted(
        [config["FunctionArn"], config["MaximumRetryAttempts"]]
        for config in listed["FunctionEventInvokeConfigs"]
    )


def replaced(lab: Lab) -> object:
    name = lab.function()
    configure(lab, name, MaximumRetryAttempts=1)
    return "MaximumRetryAttempts" in configure(lab, name, MaximumEventAgeInSeconds=60)


def merged(lab: Lab) -> object:
    name = lab.function()
    configure(lab, name, MaximumRetryAttempts=1)
    answered = lab.call(
        "update_function_event_invoke_config", FunctionName=name, MaximumEventAgeInSeconds=120
    )
    return [answered["MaximumRetryAttempts"], answered["MaximumEventAgeInSeconds"]]


def deleted(lab: Lab) -> object:
    name = lab.function()
    configure(lab, name, MaximumRetryAttempts=1)
    answered = lab.call("delete_function_event_invoke_config", FunctionName=name)
    return [status(answered), lab.refusal("delete_function_event_invoke_config", FunctionName=name)]


def may_not_send(lab: Lab) -> object:
    _, arn = lab.queue()
    return lab.refusal(
        "put_function_event_invoke_config",
        FunctionName=lab.function(),
        DestinationConfig={"OnSuccess": {"Destination": arn}},
    )


def itself(lab: Lab) -> object:
    name = sender(lab)
    return lab.refusal(
        "put_function_event_invoke_config",
        FunctionName=name,
        DestinationConfig={"OnFailure": {"Destination": ARN + name}},
    )


CASES = (
    Case(
        "A config is for $LATEST, and always has destinations",
        "put_function_event_invoke_config(MaximumRetryAttempts=1)",
        {
            "FunctionArn": f"{ARN}NAME:$LATEST",
            "MaximumRetryAttempts": 1,
            "DestinationConfig": {"OnSuccess": {}, "OnFailure": {}},
        },
        put,
    ),
    Case(
        "A version and an alias have a config each",
        "put_function_event_invoke_config(Qualifier='1'), then 'live'",
        [[f"{ARN}NAME:1", 2], [f"{ARN}NAME:live", 1]],
        put_on_alias,
    ),
    Case("A put replaces", "put_function_event_invoke_config twice", False, replaced),
    Case("An update merges", "update_function_event_invoke_config", [1, 120], merged),
    Case(
        "A config is deleted with 204, once",
        "delete_function_event_invoke_config twice",
        [204, f"404 {MISSING}: The function {ARN}NAME:$LATEST doesn't have an EventInvokeConfig"],
        deleted,
    ),
    Case(
        "A destination that the role may not send to is refused",
        "put_function_event_invoke_config(DestinationConfig=a queue)",
        f"400 {INVALID}: The function's execution role does not have permissions to call SendMessage on "
        "arn:aws:sqs:us-east-1:123456789012:QUEUE",
        may_not_send,
    ),
    Case(
        "A function is not its own destination",
        "put_function_event_invoke_config(DestinationConfig=itself)",
        f"400 {INVALID}: You can't specify the function as a destination for itself.",
        itself,
    ),
    refusal(
        "A config needs something to configure",
        f"400 {INVALID}: You must specify at least one of error handling or destination setting.",
        "put_function_event_invoke_config",
    ),
    refusal(
        "At most two retries",
        f"{DETECTED} Value '3' at 'maximumRetryAttempts' failed to satisfy constraint: "
        "Member must have value less than or equal to 2",
        "put_function_event_invoke_config",
        MaximumRetryAttempts=3,
    ),
    refusal(
        "No fewer than no retries",
        f"{DETECTED} Value '-1' at 'maximumRetryAttempts' failed to satisfy constraint: "
        "Member must have value greater than or equal to 0",
        "put_function_event_invoke_config",
        MaximumRetryAttempts=-1,
    ),
    refusal(
        "An age of at least a minute",
        f"{DETECTED} Value '59' at 'maximumEventAgeInSeconds' failed to satisfy constraint: "
        "Member must have value greater than or equal to 60",
        "put_function_event_invoke_config",
        MaximumEventAgeInSeconds=59,
    ),
    refusal(
        "An age of at most six hours",
        f"{DETECTED} Value '21601' at 'maximumEventAgeInSeconds' failed to satisfy constraint: "
        "Member must have value less than or equal to 21600",
        "put_function_event_invoke_config",
        MaximumEventAgeInSeconds=21601,
    ),
    refusal(
        "A config of an unknown alias is not found",
        f"404 {MISSING}: The function doesn't exist.",
        "put_function_event_invoke_config",
        Qualifier="none",
        MaximumRetryAttempts=1,
    ),
    refusal(
        "A config of an unknown function is not found",
        f"404 {MISSING}: The function doesn't exist.",
        "put_function_event_invoke_config",
        FunctionName="no",
        MaximumRetryAttempts=1,
    ),
    refusal(
        "A destination is a queue, topic, function or bus",
        f"400 {INVALID}: The provided destination config DestinationConfig(onSuccess=OnSuccess(destination="
        "arn:aws:iam::123456789012:role/x), onFailure=null) is invalid.",
        "put_function_event_invoke_config",
        DestinationConfig={"OnSuccess": {"Destination": "arn:aws:iam::123456789012:role/x"}},
    ),
    refusal(
        "A destination is an ARN",
        f"{DETECTED} Value 'queue' at 'destinationConfig.onSuccess.destination' failed to satisfy "
        "constraint: Member must satisfy regular expression pattern: …",
        "put_function_event_invoke_config",
        DestinationConfig={"OnSuccess": {"Destination": "queue"}},
    ),
    refusal(
        "A function without a config says so",
        f"404 {MISSING}: The function {ARN}NAME:$LATEST doesn't have an EventInvokeConfig",
        "get_function_event_invoke_config",
    ),
    refusal(
        "An alias without a config says so",
        f"404 {MISSING}: The function {ARN}NAME:live doesn't have an EventInvokeConfig",
        "update_function_event_invoke_config",
        Qualifier="live",
        MaximumRetryAttempts=1,
    ),
    answer(
        "A function without configs has an empty list",
        [],
        lambda got: got["FunctionEventInvokeConfigs"],
        "list_function_event_invoke_configs",
    ),
)
