"""Code signing configs: stored and attached to functions. Signatures of code are not checked here."""

import secrets
from typing import Any

from local_aws.functions.api.call import Call, Result
from local_aws.functions.api.errors import ApiError, not_found, not_offered
from local_aws.functions.api.store import Store
from local_aws.functions.api.tags import check_tags
from local_aws.functions.api.version import timestamp

WARN = {"UntrustedArtifactOnDeployment": "Warn"}


def create_code_signing_config(call: Call) -> Result:
    """Create a code signing config."""
    check_tags(call.get("Tags", {}))
    config_id = f"csc-{secrets.token_hex(9)[:17]}"
    arn = call.store.arn("code-signing-config", config_id)
    config = {
        "CodeSigningConfigId": config_id,
        "CodeSigningConfigArn": arn,
        "Description": call.get("Description"),
        "AllowedPublishers": call.get("AllowedPublishers"),
        "CodeSigningPolicies": _policies(call, WARN),
        "LastModified": timestamp(),
        "Tags": dict(call.get("Tags", {})),
    }
    call.store.code_signing_configs[arn] = config
    return {"CodeSigningConfig": config}


def get_code_signing_config(call: Call) -> Result:
    """Return a code signing config."""
    return {"CodeSigningConfig": _existing(call)}


def update_code_signing_config(call: Call) -> Result:
    """Change the given members of a code signing config."""
    config = _existing(call)
    for name in ("Description", "AllowedPublishers"):
        config[name] = call.get(name, config[name])
    config["CodeSigningPolicies"] = _policies(call, config["CodeSigningPolicies"])
    config["LastModified"] = timestamp()
    return {"CodeSigningConfig": config}


def delete_code_signing_config(call: Call) -> Result:
    """Delete a code signing config, unless a function uses it."""
    config = _existing(call)
    arn = config["CodeSigningConfigArn"]
    if _users(call, arn):
        raise ApiError(
            "ResourceConflictException",
            f"Cannot delete the code signing configuration {arn} because it is in use.",
        )
    del call.store.code_signing_configs[arn]
    return None


def list_code_signing_configs(call: Call) -> Result:
    """List all code signing configs."""
    return call.page("CodeSigningConfigs", list(call.store.code_signing_configs.values()))


def list_functions_by_code_signing_config(call: Call) -> Result:
    """List the functions that use a code signing config."""
    return call.page("FunctionArns", _users(call, _existing(call)["CodeSigningConfigArn"]))


def put_function_code_signing_config(call: Call) -> Result:
    """Attach a code signing config to a function."""
    arn = call.get("CodeSigningConfigArn")
    check_exists(arn, call.store)
    function = call.function()
    function.code_signing_config_arn = arn
    return {"CodeSigningConfigArn": arn, "FunctionName": function.name}


def check_exists(arn: str, store: Store) -> None:
    """Raise ApiError unless a code signing config exists."""
    if arn not in store.code_signing_configs:
        raise ApiError(
            "CodeSigningConfigNotFoundException",
            "The code signing configuration cannot be found. "
            f"Check that the provided configuration is not deleted: {arn}.",
        )


def get_function_code_signing_config(call: Call) -> Result:
    """Return the ARN of a function's code signing config, if it has one."""
    function = call.function()
    arn = function.code_signing_config_arn
    return {"CodeSigningConfigArn": arn, "FunctionName": function.name} if arn else {}


def delete_function_code_signing_config(call: Call) -> Result:
    """Detach a function's code signing config."""
    call.function().code_signing_config_arn = None
    return None


def _policies(call: Call, default: dict[str, str]) -> dict[str, str]:
    policies: dict[str, str] = call.get("CodeSigningPolicies", default)
    if policies.get("UntrustedArtifactOnDeployment") == "Enforce":
        raise not_offered("signatures of code: a policy of Enforce would let unsigned code through")
    return policies


def _existing(call: Call) -> dict[str, Any]:
    arn = call.get("CodeSigningConfigArn")
    config = call.store.code_signing_configs.get(arn)
    if config is None:
        raise not_found(f"The Lambda code signing configuration {arn} can not be found.")
    return config


def _users(call: Call, arn: str) -> list[str]:
    return [
        call.store.function_arn(function.name)
        for function in call.store.functions.values()
        if function.code_signing_config_arn == arn
    ]
