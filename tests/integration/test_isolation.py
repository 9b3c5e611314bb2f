"""In namespaces an environment is what Lambda's is: read-only code, a /tmp of its own, no home, no other processes."""

import pytest

from local_aws.functions.namespaces import NamespacesError, find_namespaces
from local_aws.functions.toolchain import find_toolchain
from tests.integration.deployed import Deploy, with_code


@pytest.fixture(autouse=True, scope="module")
def namespaces() -> None:
    """Skip these tests where this machine allows no namespaces; there the local AWS says so at its start."""
    try:
        find_namespaces(find_toolchain())
    except NamespacesError as error:
        pytest.skip(str(error))


def answer_of(deploy: Deploy, *lines: str, **event: object) -> object:
    """Return what a handler of these lines answers."""
    body = [f"    {line}" for line in lines]
    lines = ("import os, pathlib", "def handler(event, context):", *body)
    return with_code(deploy, *lines, Timeout=20).invoke(event)["Payload"]


def test_the_code_and_the_runtime_have_lambdas_paths(deploy: Deploy) -> None:
    # Given a function
    # When it looks where it is
    answer = answer_of(
        deploy,
        "import boto3",
        "return [os.getcwd(), __file__, boto3.__file__, os.__file__, os.environ['PATH']]",
    )

    # Then it is where Lambda would have it
    assert isinstance(answer, list)
    cwd, file, boto3, library, path = answer
    assert (cwd, file) == ("/var/task", "/var/task/probe.py")
    assert boto3 == "/var/runtime/boto3/__init__.py"
    assert library.startswith("/var/lang/lib/python3.")
    assert path == "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin"


def test_a_stack_trace_names_var_task(deploy: Deploy) -> None:
    # Given a function that raises
    # When it is called
    answer = answer_of(deploy, "raise ValueError")

    # Then the trace shows Lambda's paths, and none of this machine's
    assert isinstance(answer, dict)
    assert answer["stackTrace"] == [
        '  File "/var/task/probe.py", line 3, in handler\n    raise ValueError\n'
    ]


@pytest.mark.parametrize("folder", ["/var/task", "/var/runtime", "/opt", "/", "/usr", "/etc"])
def test_only_tmp_can_be_written(deploy: Deploy, folder: str) -> None:
    # Given a function
    # When it writes elsewhere
    answer = answer_of(deploy, f"pathlib.Path('{folder}/file').write_text('x')")

    # Then the file system is read-only
    assert isinstance(answer, dict)
    assert answer["errorMessage"] == f"[Errno 30] Read-only file system: '{folder}/file'"


def test_tmp_is_the_functions_own_and_stays_while_it_is_warm(deploy: Deploy) -> None:
    # Given a function that counts its calls in a file
    lines = (
        "from pathlib import Path",
        "def handler(event, context):",
        "    with Path('/tmp/calls').open('a') as calls: calls.write('.')",
        "    return [Path('/tmp/calls').read_text(), [p.name for p in Path('/tmp').iterdir()]]",
    )
    first, second = with_code(deploy, *lines), with_code(deploy, *lines)

    # When it and another like it are called
    answers = [function.invoke()["Payload"] for function in (first, first, second)]

    # Then each sees its own files alone
    assert answers == [[".", ["calls"]], ["..", ["calls"]], [".", ["calls"]]]


def test_tmp_has_the_size_of_the_ephemeral_storage(deploy: Deploy) -> None:
    # Given a function with more storage than the least
    lines = (
        "import os",
        "def handler(event, context):",
        "    s = os.statvfs('/tmp')",
        "    return s.f_blocks * s.f_frsize // 2**20",
    )

    function = with_code(deploy, *lines, EphemeralStorage={"Size": 700})

    # When it asks for the size of /tmp
    # Then it is that
    assert function.invoke()["Payload"] == 700


def test_a_full_tmp_affects_only_the_function(deploy: Deploy) -> None:
    # Given a function that writes more than it has room for
    # When it is called
    answer = answer_of(
        deploy,
        "with open('/tmp/full', 'wb') as file:",
        "    for _ in range(600): file.write(bytes(2**20))",
    )

    # Then there is no space left
    assert isinstance(answer, dict)
    assert "[Errno 28] No space left on device" in answer["errorMessage"]


def test_there_is_no_home_no_shared_memory_and_no_file_of_this_machine(deploy: Deploy) -> None:
    # Given a function
    # When it looks for them
    answer = answer_of(
        deploy,
        "import multiprocessing",
        f"paths = ['/home', '/root', '/dev/shm', '/work', '/boot', {__file__!r}]",
        "existing = [path for path in paths if os.path.exists(path)]",
        "try: multiprocessing.Lock()",
        "except OSError: existing.append('no semaphores')",
        "return [existing, 'HOME' in os.environ, os.path.expanduser('~'), os.getuid()]",
    )

    # Then there is none, and `~` is that of Lambda's user
    assert answer == [["no semaphores"], False, "/home/sbx_user1051", 993]


def test_a_function_sees_and_reaches_no_process_but_its_own(deploy: Deploy) -> None:
    # Given a function
    # When it lists all processes, and kills all it can
    function = with_code(
        deploy,
        "import os, pathlib, signal",
        "def handler(event, context):",
        "    if event: os.kill(-1, signal.SIGKILL)",
        "    return sorted(p.read_text().strip() for p in pathlib.Path('/proc').glob('[0-9]*/comm'))",
    )
    seen = function.invoke()["Payload"]
    answer = function.invoke({"kill": True})

    # Then it has ended itself alone, and the next request is served
    assert [name[:6] for name in seen] == ["aws-la", "bwrap", "python"]
    assert answer["Payload"]["errorType"] == "Runtime.ExitError"
    assert function.invoke()["Payload"] == seen
