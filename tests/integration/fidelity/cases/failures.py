"""How functions fail: what is answered, and what the next request finds."""

from typing import Any

from tests.integration.fidelity.case import (
    Case,
    guide,
)
from tests.integration.fidelity.cases.error_bodies import error_body
from tests.integration.fidelity.lab import Lab


def failed(behaviour: str, aws: object, *code: str, **configuration: Any) -> Case:
    """Return the case of what is answered where a function fails."""

    def ask(lab: Lab) -> object:
        answered = lab.invoke(lab.function(*code, **configuration))
        error = answered["Payload"]
        return [
            answered["StatusCode"],
            answered.get("FunctionError"),
            {key: error.get(key) for key in ("errorType", "errorMessage")},
        ]

    return Case(behaviour, f"invoke of `{'; '.join(line.strip() for line in code)}`", aws, ask)


def big_response(lab: Lab) -> object:
    name = lab.function("def handler(event, context):", "    return 'x' * 6291600")
    answered = lab.invoke(name)
    return [answered.get("FunctionError"), answered["Payload"]["errorType"]]


def warm(lab: Lab) -> object:
    name = lab.function()
    return lab.invoke(name)["Payload"] == lab.invoke(name)["Payload"]


def after_a_crash(lab: Lab) -> object:
    name = lab.function()
    before = lab.invoke(name)["Payload"]["instance"]
    lab.invoke(name, {"do": "exit"})
    return lab.invoke(name)["Payload"]["instance"] != before


def after_an_exception(lab: Lab) -> object:
    name = lab.function()
    before = lab.invoke(name)["Payload"]["instance"]
    lab.invoke(name, {"do": "raise"})
    return lab.invoke(name)["Payload"]["instance"] == before


def stack_trace(lab: Lab) -> object:
    answered = lab.invoke(
        lab.function("def handler(event, context):", "    raise ValueError('as you wish')")
    )
    return {key: value for key, value in answered["Payload"].items() if key != "requestId"}


def returned_error(lab: Lab) -> object:
    code = ("def handler(event, context):", "    return {'errorType': 'x', 'errorMessage': 'y'}")
    return lab.invoke(lab.function(*code)).get("FunctionError")


def not_serializable(lab: Lab) -> object:
    answered = lab.invoke(lab.function("def handler(event, context):", "    return {1, 2}"))
    return [
        answered["FunctionError"],
        answered["Payload"]["errorType"],
        answered["Payload"]["errorMessage"],
    ]


def throttled(lab: Lab) -> object:
    name = lab.function()
    lab.call("put_function_concurrency", FunctionName=name, ReservedConcurrentExecutions=0)
    return [
        lab.refusal("invoke", FunctionName=name),
        error_body(lab, "invoke", FunctionName=name),
    ]


def stream_failed(lab: Lab) -> object:
    name = lab.function("def handler(event, context):", "    raise ValueError('as you wish')")
    events = list(lab.call("invoke_with_response_stream", FunctionName=name)["EventStream"])
    return events[-1]["InvokeComplete"]["ErrorCode"]


CASES = (
    Case(
        "A response of more than 6 MB is an error",
        "invoke of a function that returns 6,291,602 bytes",
        ["Unhandled", "Function.ResponseSizeTooLarge"],
        big_response,
    ),
    Case(
        "A warm environment serves the next request",
        "invoke twice",
        True,
        warm,
        guide("Lambda execution environment"),
    ),
    Case(
        "After an exception the environment lives on",
        "invoke, raise, invoke",
        True,
        after_an_exception,
    ),
    Case("After an exit there is a new environment", "invoke, exit, invoke", True, after_a_crash),
    failed(
        "An exception is a function error",
        [200, "Unhandled", {"errorType": "ValueError", "errorMessage": "as you wish"}],
        "def handler(event, context):",
        "    raise ValueError('as you wish')",
    ),
    Case(
        "A stack trace has the file's path in Lambda",
        "invoke of a function that raises",
        {
            "errorMessage": "as you wish",
            "errorType": "ValueError",
            "stackTrace": [
                "  File \"/var/task/probe.py\", line 2, in handler\n    raise ValueError('as you wish')\n"
            ],
        },
        stack_trace,
        needs_namespaces=True,
    ),
    failed(
        "A module that is missing is an import error",
        [
            200,
            "Unhandled",
            {
                "errorType": "Runtime.ImportModuleError",
                "errorMessage": "Unable to import module 'probe': No module named 'missing'",
            },
        ],
        "import missing",
    ),
    failed(
        "A file that is missing is an import error",
        [
            200,
            "Unhandled",
            {
                "errorType": "Runtime.ImportModuleError",
                "errorMessage": "Unable to import module 'other': No module named 'other'",
            },
        ],
        "def handler(event, context): pass",
        Handler="other.handler",
    ),
    failed(
        "A handler that is missing is named",
        [
            200,
            "Unhandled",
            {
                "errorType": "Runtime.HandlerNotFound",
                "errorMessage": "Handler 'other' missing on module 'probe'",
            },
        ],
        "def handler(event, context): pass",
        Handler="probe.other",
    ),
    failed(
        "Code that does not compile is a syntax error",
        [
            200,
            "Unhandled",
            {
                "errorType": "Runtime.UserCodeSyntaxError",
                "errorMessage": "Syntax error in module 'probe': …",
            },
        ],
        "def handler(event, context:",
    ),
    failed(
        "An exit is a runtime error with its status",
        [
            200,
            "Unhandled",
            {
                "errorType": "Runtime.ExitError",
                "errorMessage": "RequestId: UUID Error: Runtime exited with error: exit status 3",
            },
        ],
        "import os",
        "def handler(event, context): os._exit(3)",
    ),
    failed(
        "An exit at import keeps its status",
        [
            200,
            "Unhandled",
            {
                "errorType": "Runtime.ExitError",
                "errorMessage": "RequestId: UUID Error: Runtime exited with error: exit status 3",
            },
        ],
        "import sys",
        "sys.exit(3)",
    ),
    failed(
        "An exit without an error gives no reason",
        [
            200,
            "Unhandled",
            {
                "errorType": "Runtime.ExitError",
                "errorMessage": "RequestId: UUID Error: Runtime exited without providing a reason",
            },
        ],
        "import os",
        "def handler(event, context): os._exit(0)",
    ),
    failed(
        "A signal is named",
        [
            200,
            "Unhandled",
            {
                "errorType": "Runtime.ExitError",
                "errorMessage": "RequestId: UUID Error: Runtime exited with error: signal: terminated",
            },
        ],
        "import os",
        "def handler(event, context): os.kill(os.getpid(), 15)",
    ),
    failed(
        "A timeout is an error with the configured seconds",
        [
            200,
            "Unhandled",
            {
                "errorType": "Sandbox.Timedout",
                "errorMessage": "RequestId: UUID Error: Task timed out after 1.00 seconds",
            },
        ],
        "import time",
        "def handler(event, context): time.sleep(5)",
        Timeout=1,
    ),
    failed(
        "Memory past the limit ends the runtime",
        [
            200,
            "Unhandled",
            {
                "errorType": "Runtime.OutOfMemory",
                "errorMessage": "RequestId: UUID Error: Runtime exited with error: signal: killed",
            },
        ],
        "import os",
        "def handler(event, context): return len(bytearray(os.urandom(1024)) * 1024 * 300)",
    ),
    failed(
        "Memory of a child process counts",
        [
            200,
            "Unhandled",
            {
                "errorType": "Runtime.OutOfMemory",
                "errorMessage": "RequestId: UUID Error: Runtime exited with error: signal: killed",
            },
        ],
        "import subprocess, sys",
        "def handler(event, context):",
        "    subprocess.run([sys.executable, '-c', 'import time; x = b\"x\" * 600 * 2**20; time.sleep(1)'])",
    ),
    Case(
        "A returned error is an answer",
        "invoke of a function that returns errorType",
        None,
        returned_error,
    ),
    Case(
        "A result that is no JSON is an error",
        "invoke of a function that returns a set",
        [
            "Unhandled",
            "Runtime.MarshalError",
            "Unable to marshal response: Object of type set is not JSON serializable",
        ],
        not_serializable,
    ),
    Case(
        "A throttled request has Lambda's reason",
        "put_function_concurrency(0), invoke",
        [
            "429 TooManyRequestsException: Rate Exceeded.",
            {
                "Reason": "ReservedFunctionConcurrentInvocationLimitExceeded",
                "Type": "User",
                "message": "Rate Exceeded.",
            },
        ],
        throttled,
    ),
    Case(
        "The end of a stream says that the function failed",
        "invoke_with_response_stream of a function that raises",
        "Unhandled",
        stream_failed,
    ),
)
