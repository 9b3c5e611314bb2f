"""Finds the version of a function that a request runs, in the form for execution environments."""

import random
import time

from local_aws.functions.api.call import Reference
from local_aws.functions.api.errors import not_found
from local_aws.functions.api.states import check_active
from local_aws.functions.api.store import LATEST, Function, Store
from local_aws.functions.api.version import Version
from local_aws.functions.function_version import AsyncSettings, FunctionVersion, LayerContent


def runnable(store: Store, reference: Reference, *, at_once: bool = False) -> FunctionVersion:
    """Return the version that a request for this reference runs; for an alias with weights, one of two.

    Waits for a version that is being created; with `at_once`, a function that is being created is refused instead.
    Raises ApiError if the version does not exist.
    """
    with store.lock:
        function = store.functions.get(reference.name)
        version = _picked(function, reference.qualifier) if function else None
        if function is None or version is None:
            arn = store.function_arn(reference.name, reference.qualifier or LATEST)
            raise not_found(f"Function not found: {arn}")
        if at_once:
            check_active(function)
        pending_s = version.ready_at - time.monotonic() if version.changing == "Creating" else 0
        runnable_version = _as_function_version(store, function, version, reference.qualifier)
    if pending_s > 0:
        # Services that send events wait until the version is active.
        time.sleep(pending_s)
    return runnable_version


def _picked(function: Function, qualifier: str | None) -> Version | None:
    alias = function.aliases.get(qualifier or "")
    for number, weight in (alias.weights if alias else {}).items():
        if random.random() < weight:  # noqa: S311 - a share of requests, not a secret
            return function.version_of(number)
    return function.version_of(qualifier)


def _as_function_version(
    store: Store, function: Function, version: Version, qualifier: str | None
) -> FunctionVersion:
    made, code = version.serving
    return FunctionVersion(
        account=store.account,
        region=store.region,
        name=function.name,
        version=version.name,
        handler=made.handler,
        runtime=made.runtime,
        role_arn=made.role,
        memory_mb=made.memory_mb,
        timeout_s=made.timeout_s,
        variables=tuple(sorted((made.environment or {}).items())),
        log_group=made.logging["LogGroup"],
        log_format=made.logging["LogFormat"],
        application_log_level=made.logging.get("ApplicationLogLevel", "INFO"),
        system_log_level=made.logging.get("SystemLogLevel", "INFO"),
        code_sha256=code.sha256,
        code=code.content,
        reserved_concurrency=function.reserved_concurrency,
        qualifier=qualifier,
        ephemeral_storage_mb=made.ephemeral_mb,
        layers=tuple(LayerContent(layer.arn, layer.code.content) for layer in made.layers),
        initialization_type=_initialization_type(function, version),
        asynchronous=_async_settings(function, made.dead_letter_arn, qualifier),
    )


def _initialization_type(function: Function, version: Version) -> str:
    """Return the AWS_LAMBDA_INITIALIZATION_TYPE of a version; here it is the same for all its environments."""
    names = [
        version.name,
        *(alias.name for alias in function.aliases.values() if alias.version == version.name),
    ]
    ready = any(
        name in function.provisioned and time.monotonic() >= function.provisioned[name].ready_at
        for name in names
    )
    return "provisioned-concurrency" if ready else "on-demand"


def _async_settings(
    function: Function, dead_letter_arn: str | None, qualifier: str | None
) -> AsyncSettings:
    config = function.event_invoke_configs.get(qualifier or LATEST)
    if config is None:
        return AsyncSettings(dead_letter_arn=dead_letter_arn)
    default = AsyncSettings()
    retries, age_s = config.maximum_retry_attempts, config.maximum_event_age_s
    return AsyncSettings(
        default.maximum_retries if retries is None else retries,
        default.maximum_age_s if age_s is None else age_s,
        config.on_success,
        config.on_failure,
        dead_letter_arn,
    )
