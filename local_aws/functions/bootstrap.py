"""Starts AWS's runtime client inside an execution environment, as Lambda's sandbox would find it.

Run by the emulator as `python -S bootstrap.py READY_FILE HANDLER`, in the folder of the unpacked zip.
"""

import json
import os
import runpy
import sys
import time

# The emulator needs these to know the function; Lambda does not set them, so the function must not see them.
# LC_CTYPE is Python's own, where the machine lacks the locale that LANG names.
EMULATOR_ONLY = (
    "AWS_LAMBDA_FUNCTION_TIMEOUT",
    "AWS_LAMBDA_METADATA_API",
    "AWS_LAMBDA_METADATA_TOKEN",
    "LC_CTYPE",
)


def complete_requests(ready_file: str) -> None:
    """Give the runtime's requests what the emulator lacks, see `emulator.request_headers`.

    When the runtime first asks for one, init has ended: the monotonic clock, in nanoseconds, is written to the file.
    The request's id is the one that Invoke gave it; the emulator gets its answer under the id that it made itself.
    """
    from awslambdaric.lambda_runtime_client import LambdaRuntimeClient

    wait = LambdaRuntimeClient.wait_next_invocation
    post_result = LambdaRuntimeClient.post_invocation_result
    post_error = LambdaRuntimeClient.post_invocation_error
    emulator_id = ""

    def wait_and_complete(client: LambdaRuntimeClient) -> object:
        nonlocal emulator_id
        request = wait(client)
        emulator_id = request.invoke_id
        vars(request).update(json.loads(request.client_context))
        return request

    LambdaRuntimeClient.post_invocation_result = lambda client, _, *rest: post_result(
        client, emulator_id, *rest
    )
    LambdaRuntimeClient.post_invocation_error = lambda client, _, *rest: post_error(
        client, emulator_id, *rest
    )

    def announce_and_wait(client: LambdaRuntimeClient) -> object:
        with open(ready_file, "w", encoding="ascii") as file:  # noqa: PTH123 - pathlib costs cold-start time
            file.write(str(time.monotonic_ns()))
        LambdaRuntimeClient.wait_next_invocation = wait_and_complete
        return wait_and_complete(client)

    LambdaRuntimeClient.wait_next_invocation = announce_and_wait


def main(ready_file: str, handler: str) -> None:
    """Hand the process over to `python -m awslambdaric HANDLER`."""
    for name in EMULATOR_ONLY:
        os.environ.pop(name, None)
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    if os.environ["LAMBDA_RUNTIME_DIR"] not in sys.path:  # the function has a PYTHONPATH of its own
        sys.path.insert(1, os.environ["LAMBDA_RUNTIME_DIR"])
    complete_requests(ready_file)
    sys.argv = ["awslambdaric", handler]
    runpy.run_module("awslambdaric", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
