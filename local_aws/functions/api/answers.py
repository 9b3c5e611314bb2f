"""Describes functions, versions and aliases in the form of Lambda's answers."""

from collections.abc import Mapping
from typing import Any

from local_aws.functions.api.store import Alias, Function, Store
from local_aws.functions.api.version import Version
from local_aws.functions.runtime_version import RuntimeVersion

_CREATING = "The function is being created."


def configuration(
    function: Function, version: Version, store: Store, qualifier: str | None = None
) -> dict[str, Any]:
    """Return a FunctionConfiguration; its ARN ends with the qualifier, if there is one."""
    made = version.configuration
    return {
        "FunctionName": function.name,
        "FunctionArn": store.function_arn(function.name, qualifier),
        "Runtime": made.runtime,
        "Role": made.role,
        "Handler": made.handler,
        "CodeSize": version.code.size,
        "Description": made.description,
        "Timeout": made.timeout_s,
        "MemorySize": made.memory_mb,
        "LastModified": version.last_modified,
        "CodeSha256": version.code.sha256,
        "Version": version.name,
        "DeadLetterConfig": made.dead_letter_arn and {"TargetArn": made.dead_letter_arn},
        "Environment": _environment(made.environment),
        "KMSKeyArn": made.kms_key_arn or None,
        "TracingConfig": {"Mode": made.tracing},
        "RevisionId": version.revision,
        "Layers": [{"Arn": layer.arn, "CodeSize": layer.code.size} for layer in made.layers]
        or None,
        "PackageType": "Zip",
        "Architectures": list(made.architectures),
        "EphemeralStorage": {"Size": made.ephemeral_mb},
        "SnapStart": _snap_start(version),
        "LoggingConfig": dict(made.logging),
    }


def configuration_with_state(
    function: Function, version: Version, store: Store, qualifier: str | None = None
) -> dict[str, Any]:
    """Return a FunctionConfiguration with its states and the runtime's version, which lists do not contain."""
    return {
        **configuration(function, version, store, qualifier),
        **_state(version),
        "RuntimeVersionConfig": {"RuntimeVersionArn": runtime_version_arn(version, store)},
    }


def alias(function: Function, named: Alias, store: Store) -> dict[str, Any]:
    """Return an AliasConfiguration."""
    return {
        "AliasArn": store.function_arn(function.name, named.name),
        "Name": named.name,
        "FunctionVersion": named.version,
        "Description": named.description,
        "RoutingConfig": {"AdditionalVersionWeights": named.weights} if named.weights else None,
        "RevisionId": named.revision,
    }


def runtime_version_arn(version: Version, store: Store) -> str:
    """Return the ARN of the version of the runtime."""
    return RuntimeVersion.of(version.configuration.runtime, store.region).arn


def _state(version: Version) -> Mapping[str, Any]:
    if version.changing == "Creating":
        return {
            "State": "Pending",
            "StateReason": _CREATING,
            "StateReasonCode": "Creating",
        }
    if version.changing:
        return {
            "State": "Active",
            "LastUpdateStatus": "InProgress",
            "LastUpdateStatusReason": _CREATING,
            "LastUpdateStatusReasonCode": "Creating",
        }
    return {"State": "Active", "LastUpdateStatus": "Successful"}


def _environment(variables: Mapping[str, str] | None) -> dict[str, Any] | None:
    return {"Variables": dict(variables)} if variables else None


def _snap_start(version: Version) -> dict[str, str]:
    apply_on = version.configuration.snap_start
    on = apply_on == "PublishedVersions" and version.name.isdigit()
    return {"ApplyOn": apply_on, "OptimizationStatus": "On" if on else "Off"}
