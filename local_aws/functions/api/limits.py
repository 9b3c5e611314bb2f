"""Validates configurations beyond the service model: quotas, runtimes, reserved variables, and the role."""

import json
from collections.abc import Mapping, Sequence

from moto.kms.models import kms_backends

from local_aws.arns import Arn
from local_aws.functions.api.errors import ApiError, invalid_parameter, not_offered
from local_aws.functions.api.roles import check_assumable, may, sending
from local_aws.functions.api.store import Store
from local_aws.functions.api.version import Configuration, LayerVersion
from local_aws.iam.api_call import ApiCall

# The runtimes that the local AWS runs: those of Python in "Lambda runtimes" with which functions can be created.
RUNTIMES = tuple(f"python3.{minor}" for minor in range(8, 15))
# All runtimes in an error message recorded from AWS, in its order.
AWS_RUNTIMES = (
    *("nodejs20.x", "python3.14", "provided.al2023", "python3.12", "python3.13", "nodejs24.x"),
    *("nodejs22.x", "java17", "nodejs16.x", "java25", "dotnet8", "python3.10", "java11"),
    *("python3.11", "dotnet6", "java21", "nodejs18.x", "provided.al2", "ruby3.3", "ruby3.4"),
    *("java8.al2", "ruby3.2", "python3.8", "python3.9"),
)
# "Lambda runtimes", Deprecated runtimes: those that functions can no longer be created or updated with.
RETIRED_RUNTIMES = (
    *("dotnet5.0", "dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1", "dotnetcore3.1", "go1.x"),
    *("java8", "nodejs", "nodejs4.3", "nodejs4.3-edge", "nodejs6.10", "nodejs8.10", "nodejs10.x"),
    *("nodejs12.x", "nodejs14.x", "provided", "python2.7", "python3.6", "python3.7"),
    *("ruby2.5", "ruby2.7"),
)
# "Lambda SnapStart": the runtimes of Python that support it.
SNAP_START_RUNTIMES = ("python3.12", "python3.13", "python3.14")
# The service model allows more, for functions that run on the user's own instances.
MEMORY_LIMIT_MB = EPHEMERAL_LIMIT_MB = 10_240
TIMEOUT_LIMIT_S = 900
ENVIRONMENT_LIMIT = 4096
# "Improving startup performance with Lambda SnapStart": no ephemeral storage greater than 512 MB.
SNAP_START_EPHEMERAL_MB = 512
# "Defined runtime environment variables": the reserved ones, which a function cannot set.
RESERVED_VARIABLES = frozenset(
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SECRET_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
    }
)


def check_configuration(name: str, configuration: Configuration, store: Store) -> None:
    """Raise ApiError if Lambda would refuse the configuration for the function of this name."""
    _check_runtime(configuration)
    if configuration.snap_start != "None" and configuration.ephemeral_mb > SNAP_START_EPHEMERAL_MB:
        raise not_with_snap_start(f"Ephemeral storage of {configuration.ephemeral_mb} MB")
    _check_at_most("MemorySize", configuration.memory_mb, MEMORY_LIMIT_MB)
    _check_at_most("EphemeralStorage.Size", configuration.ephemeral_mb, EPHEMERAL_LIMIT_MB)
    _check_at_most("Timeout", configuration.timeout_s, TIMEOUT_LIMIT_S)
    _check_environment(configuration.environment or {})
    if configuration.kms_key_arn:
        _check_key(configuration.kms_key_arn, store)
    _check_layers(configuration.layers)
    check_assumable(configuration.role, store.function_arn(name))
    if configuration.tracing == "Active":
        call = ApiCall("xray", "PutTraceSegments", {})
        _check_role(name, configuration, call, "PutTraceSegments on XRAY", store)
    if configuration.dead_letter_arn:
        _check_dead_letter(name, configuration, configuration.dead_letter_arn, store)


def not_with_snap_start(what: str) -> ApiError:
    """Return the error for what functions with SnapStart cannot have."""
    return invalid_parameter(f"{what} is not supported for SnapStart enabled functions.")


def _check_runtime(configuration: Configuration) -> None:
    runtime = configuration.runtime
    if runtime in AWS_RUNTIMES and runtime not in RUNTIMES:
        raise not_offered(f"the runtime {runtime}: it runs functions in Python")
    if runtime in RETIRED_RUNTIMES:
        raise invalid_parameter(
            f"The runtime parameter of {runtime} is no longer supported for creating or updating AWS Lambda "
            "functions. We recommend you use a supported runtime while creating or updating functions."
        )
    if runtime not in RUNTIMES:
        raise invalid_parameter(
            f"Value {runtime} at 'runtime' failed to satisfy constraint: "
            f"Member must satisfy enum value set: [{', '.join(AWS_RUNTIMES)}] or be a valid ARN"
        )
    if configuration.snap_start != "None" and runtime not in SNAP_START_RUNTIMES:
        raise not_with_snap_start(str(runtime))


def _check_at_most(name: str, value: int, most: int) -> None:
    if value > most:
        raise invalid_parameter(
            f"'{name}' value failed to satisfy constraint: "
            f"Member must have value less than or equal to {most}"
        )


def _check_environment(variables: Mapping[str, str]) -> None:
    cannot = (
        "Lambda was unable to configure your environment variables because the environment variables"
        " you have provided"
    )
    reserved = [name for name in variables if name in RESERVED_VARIABLES]
    if reserved:
        raise invalid_parameter(
            f"{cannot} contains reserved keys that are currently not supported for modification. "
            f"Reserved keys used in this request: {', '.join(reserved)}"
        )
    measured = json.dumps(variables, separators=(",", ":"), ensure_ascii=False)
    if len(measured.encode()) > ENVIRONMENT_LIMIT:
        raise invalid_parameter(f"{cannot} exceeded the 4KB limit. String measured: {measured}")


def _check_key(arn: str, store: Store) -> None:
    """Raise ApiError unless a KMS key with the ARN exists in the function's region."""
    keys = kms_backends[store.account][store.region].keys
    if any(key.arn == arn for key in keys.values()):
        return
    if Arn.of(arn).resource.startswith("alias/"):
        reason = "InvalidArnException", "Key Aliases are not supported for this operation."
    else:
        reason = "NotFoundException", f"Key '{arn}' does not exist"
    raise invalid_parameter(
        "Lambda was unable to configure access to your environment variables because the KMS key is invalid for "
        "CreateGrant. Please check your KMS key settings. "
        f"KMS Exception: {reason[0]} KMS Message: {reason[1]}"
    )


def _check_layers(layers: Sequence[LayerVersion]) -> None:
    seen: dict[str, str] = {}
    for layer in layers:
        if other := seen.get(layer.layer_arn):
            raise invalid_parameter(
                "Two different versions of the same layer are not allowed to be referenced in the "
                f"same function. {other} and {layer.arn} are versions of the same layer."
            )
        seen[layer.layer_arn] = layer.arn


def _check_dead_letter(name: str, configuration: Configuration, arn: str, store: Store) -> None:
    call = sending(arn)
    if call is None or call.service not in ("sqs", "sns"):
        raise invalid_parameter(f"The provided dead letter config target ARN is invalid: {arn}")
    action = f"{call.operation} on {call.service.upper()}"
    _check_role(name, configuration, call, action, store)


def _check_role(
    name: str, configuration: Configuration, call: ApiCall, action: str, store: Store
) -> None:
    if not may(configuration.role, name, call, store.region):
        raise invalid_parameter(
            f"The provided execution role does not have permissions to call {action}"
        )
