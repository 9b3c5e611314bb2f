"""How an environment starts, rests and ends."""

import contextlib
import io
import os
import signal
import zipfile
from pathlib import Path
from typing import Any

from tests.integration.deployed import zipped
from tests.integration.fidelity.case import Case, Difference, guide
from tests.integration.fidelity.cases.environment import BOOTSTRAP, LIFECYCLE
from tests.integration.fidelity.lab import Lab, zip_of
from tests.integration.ticks import TICKING, ticks_between_requests

WRAPPERS = guide("Modifying the runtime environment")
WRAPPER = '#!/bin/sh\nexport WRAPPED=yes\nexec "$@"\n'


def wrapped(lab: Lab) -> object:
    code = "import os\ndef handler(event, context):\n    return os.environ['WRAPPED']\n"
    name = lab.function(
        zip_file=zip_of(probe__py=code, wrap=WRAPPER),
        Environment={"Variables": {"AWS_LAMBDA_EXEC_WRAPPER": "/var/task/wrap"}},
    )
    return lab.invoke(name)["Payload"]


def wrapper_missing(lab: Lab) -> object:
    name = lab.function(Environment={"Variables": {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/missing"}})
    error = lab.invoke(name)["Payload"]
    return [error["errorType"], error["errorMessage"]]


def path_file(lab: Lab) -> object:
    code = "import inner\ndef handler(event, context):\n    return inner.NAME\n"
    files = {"paths__pth": "packages\n", "packages/inner__py": "NAME = 'read'\n"}
    return lab.invoke(lab.function(zip_file=zip_of(probe__py=code, **files)))["Payload"]


def unreadable(lab: Lab) -> object:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        # Python gives such a member the mode 600.
        content.writestr("probe.py", "def handler(event, context):\n    return 'answered'\n")
    answered = lab.invoke(lab.function(zip_file=archive.getvalue()))["Payload"]
    return answered if isinstance(answered, str) else answered["errorMessage"]


def shadowed(module: str) -> Any:
    """Return what calls a function whose zip has a file named as a module of the runtime client."""

    def ask(lab: Lab) -> object:
        code = "def handler(event, context):\n    return 'answered'\n"
        files = {f"{module}__py": "raise SystemExit('mine')\n"}
        return lab.invoke(lab.function(zip_file=zip_of(probe__py=code, **files)))["Payload"]

    return ask


def frozen(lab: Lab) -> object:
    name = lab.function(zip_file=zipped(TICKING), Handler="ticking.handler")
    return ticks_between_requests(lambda: lab.invoke(name), 1.5) < 75


def killed_while_idle(lab: Lab) -> object:
    name = lab.function()
    before = lab.invoke(name)["Payload"]["instance"]
    for process in processes_of(name):
        with contextlib.suppress(OSError):
            os.kill(process, signal.SIGKILL)
    lab.eventually(lambda: not processes_of(name))
    return lab.invoke(name)["Payload"]["instance"] != before


def processes_of(name: str) -> list[int]:
    """Return the processes of this machine that run a function."""
    running = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if name.encode() in (process / "environ").read_bytes():
                running.append(int(process.name))
    return running


def ended_with_the_function(lab: Lab) -> object:
    name = lab.function()
    lab.invoke(name)
    before = len(processes_of(name)) > 0
    lab.call("delete_function", FunctionName=name)
    lab.eventually(lambda: not processes_of(name))
    return [before, len(processes_of(name))]


def slow_import(lab: Lab) -> object:
    code = (
        "import time",
        "time.sleep(1.5)",
        "def handler(event, context):",
        "    return 'in time'",
    )
    answered = lab.invoke(lab.function(*code, Timeout=1))["Payload"]
    return answered if isinstance(answered, str) else answered["errorType"]


def session_name(lab: Lab) -> object:
    """Return the end of the ARN that a function named by one letter has."""
    lab.create(FunctionName="x")
    lab.settled("x")
    return lab.invoke("x", {"do": "identity"})["Payload"]


CASES = (
    Case(
        "A wrapper script starts the runtime",
        "AWS_LAMBDA_EXEC_WRAPPER=/var/task/wrap",
        "yes",
        wrapped,
        WRAPPERS,
        needs_namespaces=True,
    ),
    Case(
        "A wrapper that is missing is exit status 127",
        "AWS_LAMBDA_EXEC_WRAPPER=/opt/missing",
        ["Runtime.ExitError", "RequestId: UUID Error: Runtime exited with error: exit status 127"],
        wrapper_missing,
    ),
    Case("A .pth file of the zip is read", "a zip with paths.pth", "read", path_file, BOOTSTRAP),
    Case(
        "A file that others may not read cannot be imported",
        "a zip with probe.py of mode 600",
        "[Errno 13] Permission denied: '/var/task/probe.py'",
        unreadable,
        guide("Troubleshoot deployment issues in Lambda"),
        Difference(
            "answered",
            "A function runs as the user who owns the files. The local AWS reports such a file when it is uploaded.",
        ),
    ),
    *(
        Case(
            f"A file {module}.py in the zip does not break the runtime client",
            f"a zip with {module}.py",
            "answered",
            shadowed(module),
            BOOTSTRAP,
        )
        for module in ("logging", "decimal")
    ),
    Case(
        "An environment is frozen between requests",
        "a thread that ticks, two calls 1.5 s apart",
        True,
        frozen,
        LIFECYCLE,
    ),
    Case(
        "An environment that ended while it was idle is not used",
        "its processes are killed between two calls",
        True,
        killed_while_idle,
        LIFECYCLE,
    ),
    Case(
        "Environments of a deleted function end",
        "invoke, delete_function",
        [True, 0],
        ended_with_the_function,
        LIFECYCLE,
    ),
    Case(
        "What is done at import does not count against the timeout",
        "an import of 1.5 s, Timeout=1",
        "in time",
        slow_import,
        LIFECYCLE,
    ),
    Case(
        "The session of a one-letter function has a longer name",
        "sts get_caller_identity in the function x",
        "arn:aws:sts::123456789012:assumed-role/ROLE/x@lambda_function",
        session_name,
    ),
)
