"""Runtime management configs: stored only, as the runtime here is this machine's Python."""

from local_aws.functions.api import answers
from local_aws.functions.api.call import Call, Result
from local_aws.functions.api.errors import invalid_parameter


def get_runtime_management_config(call: Call) -> Result:
    """Return when Lambda updates the runtime of a version."""
    reference = call.reference()
    function = call.function(reference)
    _, version = call.version(reference)
    return {
        "UpdateRuntimeOn": "Auto",
        **function.runtime_management.get(version.name, {}),
        "FunctionArn": call.arn(reference),
    }


def put_runtime_management_config(call: Call) -> Result:
    """Set when Lambda updates the runtime of a version."""
    reference = call.reference()
    function = call.function(reference)
    _, version = call.version(reference)
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
