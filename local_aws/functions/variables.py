"""The environment variables of a function: those that Lambda sets, and its own."""

from local_aws.functions.credentials import Credentials
from local_aws.functions.function_version import FunctionVersion
from local_aws.functions.layout import Layout


def function_variables(
    function: FunctionVersion,
    credentials: Credentials,
    log_stream: str,
    layout: Layout,
    endpoint: str,
) -> dict[str, str]:
    """Return the variables of "Defined runtime environment variables" in AWS's Lambda guide, and the function's own.

    As in AWS, the function's own replace Lambda's defaults, but not the reserved ones. In AWS, its start script and
    Python set PWD, SHLVL and LC_CTYPE; `bootstrap` sets PYTHONPATH. AWS does not set AWS_ENDPOINT_URL, the address of
    the local AWS, and HOME, which is set only in an environment without namespaces.
    """
    defaults = {
        "_AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1",
        "_AWS_XRAY_DAEMON_PORT": "2000",
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
        "LANG": "en_US.UTF-8",
        "LD_LIBRARY_PATH": layout.library_path,
        "LC_CTYPE": "C.UTF-8",
        "PATH": layout.path,
        "PWD": str(layout.task_root),
        "SHLVL": "0",
        "TZ": ":UTC",
    }
    reserved = {
        "_HANDLER": function.handler,
        "AWS_ACCESS_KEY_ID": credentials.access_key_id,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": function.version,
        "AWS_LAMBDA_INITIALIZATION_TYPE": function.initialization_type,
        "AWS_LAMBDA_LOG_GROUP_NAME": function.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        "AWS_REGION": function.region,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key,
        "AWS_SESSION_TOKEN": credentials.session_token,
        "LAMBDA_RUNTIME_DIR": str(layout.runtime),
        "LAMBDA_TASK_ROOT": str(layout.task_root),
    }
    if function.log_format == "JSON":
        reserved["AWS_LAMBDA_LOG_FORMAT"] = "JSON"
        reserved["AWS_LAMBDA_LOG_LEVEL"] = function.application_log_level
    local = {"AWS_ENDPOINT_URL": endpoint}
    if layout.home:
        local["HOME"] = str(layout.home)
    return defaults | dict(function.variables) | reserved | local
