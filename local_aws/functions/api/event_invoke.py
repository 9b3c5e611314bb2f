"""Event invoke configs: retries of asynchronous events of a function, version or alias, and their destinations."""

from dataclasses import replace
from datetime import UTC, datetime

from local_aws import function_name
from local_aws.arns import Arn
from local_aws.functions.api.call import Call, Reference, Result
from local_aws.functions.api.errors import invalid_parameter, not_found, not_offered
from local_aws.functions.api.roles import may, sending
from local_aws.functions.api.store import LATEST, EventInvokeConfig, Function


def put_function_event_invoke_config(call: Call) -> Result:
    """Replace the config of a qualifier."""
    reference, function = _target(call)
    empty = EventInvokeConfig(None, None, None, None, datetime.now(UTC))
    return _stored(call, reference, function, empty)


def update_function_event_invoke_config(call: Call) -> Result:
    """Change the given members of the config of a qualifier."""
    reference, function = _target(call)
    return _stored(call, reference, function, _existing(call, reference))


def get_function_event_invoke_config(call: Call) -> Result:
    """Return the config of a qualifier."""
    reference = call.reference()
    return _described(call, reference, _existing(call, reference))


def delete_function_event_invoke_config(call: Call) -> Result:
    """Delete the config of a qualifier."""
    reference = call.reference()
    _existing(call, reference)
    del call.function(reference).event_invoke_configs[reference.qualifier or LATEST]
    return None


def list_function_event_invoke_configs(call: Call) -> Result:
    """List the configs of all qualifiers."""
    reference = call.reference()
    function = call.store.functions.get(reference.name)
    if function is None:
        raise not_found("The function doesn't exist.")
    return call.page(
        "FunctionEventInvokeConfigs",
        [
            _described(call, Reference(function.name, qualifier), config)
            for qualifier, config in function.event_invoke_configs.items()
        ],
    )


def _target(call: Call) -> tuple[Reference, Function]:
    if all(
        call.get(name) is None
        for name in ("MaximumEventAgeInSeconds", "MaximumRetryAttempts", "DestinationConfig")
    ):
        raise invalid_parameter(
            "You must specify at least one of error handling or destination setting."
        )
    reference = call.reference()
    function = call.store.functions.get(reference.name)
    if function is None or function.version_of(reference.qualifier) is None:
        raise not_found("The function doesn't exist.")
    return reference, function


def _stored(call: Call, reference: Reference, function: Function, old: EventInvokeConfig) -> Result:
    config = replace(
        old,
        maximum_retry_attempts=call.get("MaximumRetryAttempts", old.maximum_retry_attempts),
        maximum_event_age_s=call.get("MaximumEventAgeInSeconds", old.maximum_event_age_s),
        last_modified=datetime.now(UTC),
    )
    destinations = call.get("DestinationConfig")
    if destinations is not None:
        config = replace(
            config,
            on_success=destinations.get("OnSuccess", {}).get("Destination") or None,
            on_failure=destinations.get("OnFailure", {}).get("Destination") or None,
        )
        _check_destinations(call, function, reference, config)
    function.event_invoke_configs[reference.qualifier or LATEST] = config
    return _described(call, reference, config)


def _check_destinations(
    call: Call, function: Function, reference: Reference, config: EventInvokeConfig
) -> None:
    targets = [arn for arn in (config.on_success, config.on_failure) if arn]
    if any(Arn.of(arn).service == "s3" for arn in targets):
        raise not_offered("buckets as destinations of asynchronous events")
    if any(sending(arn) is None for arn in targets):
        raise invalid_parameter(
            "The provided destination config DestinationConfig("
            f"onSuccess={_destination_text('OnSuccess', config.on_success)}, "
            f"onFailure={_destination_text('OnFailure', config.on_failure)}) is invalid."
        )
    for arn in targets:
        _check_destination(call, function, reference, arn)


def _check_destination(call: Call, function: Function, reference: Reference, arn: str) -> None:
    sent = sending(arn)
    if sent is None:
        return
    if sent.service == "lambda":
        target = function_name.parse(arn)
        if target is None or target.name not in call.store.functions:
            raise invalid_parameter(f"The destination ARN {arn} is invalid.")
        if target.name == function.name:
            raise invalid_parameter("You can't specify the function as a destination for itself.")
    version = function.version_of(reference.qualifier)
    role = (version or function.latest).configuration.role
    if not may(role, function.name, sent, call.store.region):
        action = "InvokeFunction" if sent.service == "lambda" else sent.operation
        raise invalid_parameter(
            f"The function's execution role does not have permissions to call {action} on {arn}"
        )


def _destination_text(name: str, arn: str | None) -> str:
    return f"{name}(destination={arn})" if arn else "null"


def _existing(call: Call, reference: Reference) -> EventInvokeConfig:
    function = call.store.functions.get(reference.name)
    qualifier = reference.qualifier or LATEST
    config = function.event_invoke_configs.get(qualifier) if function else None
    if config is None:
        arn = call.store.function_arn(reference.name, qualifier)
        raise not_found(f"The function {arn} doesn't have an EventInvokeConfig")
    return config


def _described(call: Call, reference: Reference, config: EventInvokeConfig) -> dict[str, object]:
    return {
        "LastModified": config.last_modified,
        "FunctionArn": call.store.function_arn(reference.name, reference.qualifier or LATEST),
        "MaximumRetryAttempts": config.maximum_retry_attempts,
        "MaximumEventAgeInSeconds": config.maximum_event_age_s,
        "DestinationConfig": {
            "OnSuccess": {"Destination": config.on_success} if config.on_success else {},
            "OnFailure": {"Destination": config.on_failure} if config.on_failure else {},
        },
    }
