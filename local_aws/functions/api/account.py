"""Account settings, recursion configs and runtime management configs."""

from local_aws.functions.api import answers
from local_aws.functions.api.call import Call, Result
from local_aws.functions.api.code import UNZIPPED_LIMIT, ZIPPED_LIMIT
from local_aws.functions.api.concurrency import ACCOUNT_LIMIT, unreserved
from local_aws.functions.api.errors import invalid_parameter, not_found
from local_aws.functions.api.store import LATEST, Code

# "Lambda quotas", storage for uploaded functions and layers: 75 GB.
TOTAL_CODE_LIMIT = 80_530_636_800


def get_account_settings(call: Call) -> Result:
    """Return the quotas of the account in the region, and what is used of them."""
    return {
        "AccountLimit": {
            "TotalCodeSize": TOTAL_CODE_LIMIT,
            "CodeSizeUnzipped": UNZIPPED_LIMIT,
            "CodeSizeZipped": ZIPPED_LIMIT,
            "ConcurrentExecutions": ACCOUNT_LIMIT,
            "UnreservedConcurrentExecutions": unreserved(call.store),
        },
        "AccountUsage": {
            "TotalCodeSize": sum(code.size for code in _code(call)),
            "FunctionCount": len(call.store.functions),
        },
    }


def get_function_recursion_config(call: Call) -> Result:
    """Return whether a recursive loop of a function is ended."""
    return {"RecursiveLoop": call.function().recursive_loop}


def put_function_recursion_config(call: Call) -> Result:
    """Set whether a recursive loop of a function is ended."""
    function = call.function()
    function.recursive_loop = call.get("RecursiveLoop")
    return {"RecursiveLoop": function.recursive_loop}


def get_runtime_management_config(call: Call) -> Result:
    """Return when a version's runtime is updated."""
    reference = call.reference()
    function = call.function(reference)
    version = function.version_of(reference.qualifier)
    if version is None:
        raise not_found(f"Function not found: {call.arn(reference)}")
    return {
        "UpdateRuntimeOn": "Auto",
        **function.runtime_management.get(version.name, {}),
        "FunctionArn": call.store.function_arn(function.name, reference.qualifier),
    }


def put_runtime_management_config(call: Call) -> Result:
    """Set when a version's runtime is updated; here it is whenever the local AWS is."""
    reference = call.reference()
    function = call.function(reference)
    version = function.version_of(reference.qualifier or LATEST)
    if version is None:
        raise not_found(f"Function not found: {call.arn(reference)}")
    mode, arn = call.get("UpdateRuntimeOn"), call.get("RuntimeVersionArn")
    if (mode == "Manual") != bool(arn):
        raise invalid_parameter(
            "You must specify a runtime version ARN when, and only when, you set the runtime management "
            "configuration to Manual."
        )
    function.runtime_management[version.name] = {
        "UpdateRuntimeOn": mode,
        "RuntimeVersionArn": arn or answers.runtime_version_arn(version, call.store)
        if mode == "Manual"
        else None,
    }
    return get_runtime_management_config(call)


def _code(call: Call) -> list[Code]:
    functions = [
        version.code
        for function in call.store.functions.values()
        for version in function.versions.values()
    ]
    layers = [
        version.code for layer in call.store.layers.values() for version in layer.versions.values()
    ]
    return functions + layers
