"""A function runs on the Python of its runtime, where this machine has one."""

import pytest

from local_aws.functions.toolchain import find_toolchain
from tests.integration.deployed import Deploy, zipped

CODE = "import sys\ndef handler(event, context):\n    return list(sys.version_info[:2])\n"


@pytest.mark.parametrize("runtime", ["python3.11", "python3.12", "python3.13", "python3.14"])
def test_a_function_runs_on_the_python_of_its_runtime(deploy: Deploy, runtime: str) -> None:
    # Given
    toolchain = find_toolchain().for_runtime(runtime)
    if toolchain.instead:
        pytest.skip(toolchain.instead)

    # When
    function = deploy("probe.py", zip_file=zipped("probe.py", CODE), Runtime=runtime)

    # Then
    version = runtime.removeprefix("python")
    assert function.invoke()["Payload"] == [int(part) for part in version.split(".")]


def test_a_runtime_that_this_machine_lacks_runs_on_the_local_aws_own_python(
    deploy: Deploy,
) -> None:
    # Given
    toolchain = find_toolchain()
    lacking = [name for name in ("python3.14", "python3.10") if toolchain.for_runtime(name).instead]
    if not lacking:
        pytest.skip("this machine has every Python")

    # When
    function = deploy("probe.py", zip_file=zipped("probe.py", CODE), Runtime=lacking[0])

    # Then
    own = toolchain.interpreter.minor_version
    assert function.invoke()["Payload"] == [int(part) for part in own.split(".")]
