"""Starts AWS's runtime client inside an execution environment, as AWS's own bootstrap.py does.

The emulator runs it as `python -S bootstrap.py OPT HANDLER`, in the folder of the unpacked zip; OPT has its layers.
"""

import json
import os
import resource
import site
import struct
import sys
import time

# Lambda does not set these variables, which only the emulator needs, so the function must not see them.
EMULATOR_ONLY = (
    "AWS_LAMBDA_FUNCTION_TIMEOUT",
    "AWS_LAMBDA_METADATA_API",
    "AWS_LAMBDA_METADATA_TOKEN",
)
# The emulator serves one request at a time: on one processor, Go's scheduler takes a third less time and half the
# switches. Written with a zero, it is not what a function sets.
EMULATORS_PROCESSORS = ("GOMAXPROCS", "01")
LOG_VARIABLE = "_LAMBDA_TELEMETRY_LOG_FD"
# "Lambda quotas", function configuration, deployment and execution.
OPEN_FILES_LIMIT = 1024
# A frame for `output`: its mark, the length of the message, which is empty, and the monotonic clock in nanoseconds.
READY_FRAME = struct.Struct(">4sIQ")
READY_MARK = b"\xa5\x5a\xff\xff"


def print_to_log() -> int:
    """Redirect stdout and stderr to the pipe of the log, which the runtime client uses too; returns its descriptor."""
    log = int(os.environ[LOG_VARIABLE])
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.set_inheritable(log, False)
    return log


def complete_requests(log: int) -> None:
    """Add to the runtime's requests what the emulator lacks (see `emulator.request_headers`).

    Init ends when the runtime first asks for a request: a frame in the pipe of the log marks that moment. The function
    sees the request id that Invoke assigned, but the emulator gets the response with its own id.
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
        about = json.loads(request.client_context)
        # The timeout begins when the runtime gets the request: its init does not count.
        if "timeout_ms" in about:
            about["deadline_time_in_ms"] = time.time_ns() // 1_000_000 + about.pop("timeout_ms")
        vars(request).update(about)
        return request

    LambdaRuntimeClient.post_invocation_result = lambda client, _, *rest: post_result(
        client, emulator_id, *rest
    )
    LambdaRuntimeClient.post_invocation_error = lambda client, _, *rest: post_error(
        client, emulator_id, *rest
    )

    def announce_and_wait(client: LambdaRuntimeClient) -> object:
        os.write(log, READY_FRAME.pack(READY_MARK, 0, time.monotonic_ns()))
        LambdaRuntimeClient.wait_next_invocation = wait_and_complete
        return wait_and_complete(client)

    LambdaRuntimeClient.wait_next_invocation = announce_and_wait


def add_packages(task_root: str, opt: str) -> None:
    """Put the folder of the function and its layers before the runtime's packages on the path, and read .pth files."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    layers = [f"{opt}/python/lib/{version}/site-packages", f"{opt}/python"]
    folders = [task_root, *layers] if "PYTHONPATH" not in os.environ else [task_root]
    sys.path[:0] = folders
    for folder in folders:
        site.addsitedir(folder)
    os.environ.setdefault("PYTHONPATH", os.environ["LAMBDA_RUNTIME_DIR"])


def limit_open_files() -> None:
    """Limit open files to as many as in Lambda, or as this machine allows if that is fewer."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = OPEN_FILES_LIMIT if most == resource.RLIM_INFINITY else min(OPEN_FILES_LIMIT, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))


def main(opt: str, handler: str) -> None:
    """Import the runtime client, put the function's packages on the path, and run the client, as AWS does."""
    log = print_to_log()
    limit_open_files()
    for name in EMULATOR_ONLY:
        os.environ.pop(name, None)
    name, processors = EMULATORS_PROCESSORS
    if os.environ.get(name) == processors:
        del os.environ[name]
    # Lambda has these, but `-S` leaves them out.
    site.setquit()
    site.setcopyright()
    site.sethelper()
    sys.path[0] = os.environ["LAMBDA_RUNTIME_DIR"]
    from awslambdaric import __main__ as runtime_client

    complete_requests(log)
    add_packages(os.environ["LAMBDA_TASK_ROOT"], opt)
    runtime_client.main(["awslambdaric", handler])


if __name__ == "__main__":
    main(*sys.argv[1:])
