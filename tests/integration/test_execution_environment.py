"""The local AWS runs an uploaded zip in an execution environment like Lambda's. These tests use no unicorns."""

import re

import pytest

from tests.integration.deployed import Deploy, tail, zipped

BOTH_WAYS = True

# "Defined runtime environment variables" of the Lambda guide, for a Python runtime.
DEFINED_BY_LAMBDA = {
    "_AWS_XRAY_DAEMON_ADDRESS",
    "_AWS_XRAY_DAEMON_PORT",
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
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
    "AWS_SESSION_TOKEN",
    "AWS_XRAY_CONTEXT_MISSING",
    "AWS_XRAY_DAEMON_ADDRESS",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
    "LC_CTYPE",
    "LANG",
    "LD_LIBRARY_PATH",
    "PATH",
    "PWD",
    "PYTHONPATH",
    "SHLVL",
    "TZ",
}
OF_THIS_EMULATION = {"namespaces": {"AWS_ENDPOINT_URL"}, "plain": {"AWS_ENDPOINT_URL", "HOME"}}


def test_a_warm_environment_serves_the_next_request(deploy: Deploy) -> None:
    # Given a function that was called once
    function = deploy("probe.py")
    first = function.invoke(LogType="Tail")

    # When it is called again
    second = function.invoke(LogType="Tail")

    # Then the same process answers, and only the first call was a cold start
    assert first["Payload"] == second["Payload"]
    assert "Init Duration" in tail(first)
    assert "Init Duration" not in tail(second)


def test_new_code_and_new_configuration_serve_the_next_request(deploy: Deploy) -> None:
    # Given a warm function
    function = deploy("probe.py")
    function.invoke()

    # When its code, then its configuration, is updated
    new_code = (
        "import os\ndef handler(event, context):\n    return os.environ.get('COLOUR', 'none')\n"
    )
    function.client("lambda").update_function_code(
        FunctionName=function.name, ZipFile=zipped("probe.py", new_code)
    )
    after_code = function.ready().invoke()["Payload"]
    function.client("lambda").update_function_configuration(
        FunctionName=function.name, Environment={"Variables": {"COLOUR": "white"}}
    )
    after_configuration = function.ready().invoke()["Payload"]

    # Then each shows at once
    assert (after_code, after_configuration) == ("none", "white")


def test_the_function_sees_lambdas_variables_and_its_own_and_no_others(
    deploy: Deploy, way: str
) -> None:
    # Given a function with a variable of its own
    function = deploy("probe.py", Environment={"Variables": {"COLOUR": "golden"}})

    # When it lists its environment
    seen = function.invoke({"do": "environment"})["Payload"]

    # Then nothing is left of the environment of the shell that started the local AWS
    assert set(seen) - OF_THIS_EMULATION[way] == DEFINED_BY_LAMBDA | {"COLOUR"}
    assert seen["COLOUR"] == "golden"
    assert seen["TZ"] == ":UTC"


def test_the_functions_own_variables_win_where_lambda_lets_them(deploy: Deploy) -> None:
    # Given a function with a time zone of its own
    function = deploy("probe.py", Environment={"Variables": {"TZ": "Europe/Paris"}})

    # When it lists its environment
    # Then it has it
    assert function.invoke({"do": "environment"})["Payload"]["TZ"] == "Europe/Paris"


def test_a_function_has_its_own_setting_of_go_not_the_emulators(deploy: Deploy) -> None:
    # Given a function that sets what the emulator is started with too
    function = deploy("probe.py", Environment={"Variables": {"GOMAXPROCS": "1"}})

    # When it lists its environment
    # Then it has the value that it set
    assert function.invoke({"do": "environment"})["Payload"]["GOMAXPROCS"] == "1"


@pytest.mark.parametrize(("name", "exists"), [("boto3", True), ("moto", False), ("pytest", False)])
def test_the_function_can_import_what_lambda_has_and_nothing_else(
    deploy: Deploy, name: str, exists: bool
) -> None:
    # Given a function
    function = deploy("probe.py")

    # When it looks for a package of the developer's, or of Lambda's runtime
    found = function.invoke({"do": "import", "name": name})["Payload"]

    # Then it finds the runtime's alone
    assert found is exists


def test_the_function_runs_with_credentials_of_its_role(deploy: Deploy) -> None:
    # Given a function with a role
    function = deploy("probe.py", Timeout=20)

    # When it asks who it is
    arn = function.invoke({"do": "identity"})["Payload"]

    # Then it is the role, in a session named for the function
    assert arn.endswith(f":assumed-role/{function.name}/{function.name}")


def test_memory_is_measured(deploy: Deploy) -> None:
    # Given a function
    function = deploy("probe.py", MemorySize=512)

    # When it fills 200 MB
    answer = function.invoke({"do": "fill", "megabytes": 200}, LogType="Tail")

    # Then its REPORT says so
    used = re.search(r"Max Memory Used: (\d+) MB", tail(answer))
    assert used is not None
    assert 200 < int(used[1]) < 300
