"""Builds a configuration from the parameters of CreateFunction or UpdateFunctionConfiguration."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from local_aws.functions.api import layers
from local_aws.functions.api.call import Call
from local_aws.functions.api.errors import invalid_parameter, not_offered
from local_aws.functions.api.version import Configuration, LayerVersion

# Parameters that the local AWS does not support; empty ones are ignored.
_NOT_OFFERED = (
    *("AcceleratorConfig", "CapacityProviderConfig", "DurableConfig", "FileSystemConfigs"),
    *("PublishTo", "RuntimeConfig", "TenancyConfig"),
)


def created(call: Call, name: str) -> Configuration:
    """Return the configuration in the parameters of CreateFunction; raises ApiError."""
    _refuse_unsupported(call)
    if call.get("PackageType", "Zip") == "Image":
        raise not_offered("functions of container images")
    if not (call.get("Runtime") and call.get("Handler")):
        raise invalid_parameter(
            "Runtime and Handler are mandatory parameters for functions created with deployment packages."
        )
    given = Configuration(call.get("Role"), call.get("Handler"), call.get("Runtime"))
    given = replace(given, logging={"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"})
    return _with_parameters(call, given)


def updated(call: Call, old: Configuration) -> Configuration:
    """Return the old configuration with the changes of UpdateFunctionConfiguration; raises ApiError."""
    _refuse_unsupported(call)
    changes = {
        member: call.get(parameter)
        for parameter, member in {
            "Role": "role",
            "Handler": "handler",
            "Runtime": "runtime",
        }.items()
        if call.get(parameter) is not None
    }
    return _with_parameters(call, replace(old, **changes))


def with_architectures(old: Configuration, architectures: list[str]) -> Configuration:
    """Return the configuration with other architectures, which UpdateFunctionCode can set."""
    return replace(old, architectures=tuple(architectures))


def _with_parameters(call: Call, old: Configuration) -> Configuration:
    """Return the configuration with the parameters that the call gives."""
    given: dict[str, Any] = {
        "description": call.get("Description"),
        "memory_mb": call.get("MemorySize"),
        "timeout_s": call.get("Timeout"),
        "ephemeral_mb": call.get("EphemeralStorage", {}).get("Size"),
        "architectures": call.get_tuple("Architectures"),
        "environment": call.get("Environment", {}).get("Variables"),
        "tracing": call.get("TracingConfig", {}).get("Mode"),
        "logging": _logging(call.get("LoggingConfig"), old.logging),
        "layers": _layers(call),
        "snap_start": call.get("SnapStart", {}).get("ApplyOn"),
        "kms_key_arn": call.get("KMSKeyArn"),
        "dead_letter_arn": call.get("DeadLetterConfig", {}).get("TargetArn"),
    }
    changed = replace(old, **{name: value for name, value in given.items() if value is not None})
    return replace(changed, dead_letter_arn=changed.dead_letter_arn or None)


def _layers(call: Call) -> tuple[LayerVersion, ...] | None:
    arns = call.get("Layers")
    return None if arns is None else layers.of_function(arns, call.store)


def _logging(given: Mapping[str, str] | None, old: Mapping[str, str]) -> Mapping[str, str] | None:
    """Return the merged LoggingConfig; None if none is given. Only the JSON format has levels, INFO by default."""
    if given is None:
        return None
    merged = {**old, **given}
    if merged["LogFormat"] == "JSON":
        return {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO", **merged}
    if {"ApplicationLogLevel", "SystemLogLevel"} & given.keys():
        raise invalid_parameter(
            "Log level is not supported for LogFormat Text. Please use LogFormat JSON to set log levels."
        )
    return {name: merged[name] for name in ("LogFormat", "LogGroup")}


def _refuse_unsupported(call: Call) -> None:
    for name in _NOT_OFFERED:
        if call.get(name):
            raise not_offered(f"{name} of functions")
    if any(call.get("VpcConfig", {}).values()):
        raise not_offered("functions in a VPC")
    if call.get("ImageConfig"):
        raise not_offered("functions of container images")
