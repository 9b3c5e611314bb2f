"""Invoke: kinds, payloads, errors of functions, and the bodies and headers of errors."""

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.request import Request, urlopen

from botocore.exceptions import ClientError

from tests.integration.fidelity.case import (
    ARN,
    VALIDATION,
    Case,
    answer,
    guide,
    reference,
    refusal,
)
from tests.integration.fidelity.lab import Lab, status

NO_JSON = "Could not parse request body into json: Could not parse payload into json:"
EXPECTED = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"


def error_body(lab: Lab, operation: str, **parameters: Any) -> Any:
    """Return the members of an error's body but Error and ResponseMetadata, as botocore parses them."""
    try:
        lab.call(operation, **parameters)
    except ClientError as error:
        response: Mapping[str, Any] = error.response
        return {
            name: response[name] for name in response if name not in ("Error", "ResponseMetadata")
        }
    return "not refused"


def body(behaviour: str, aws: object, operation: str, **parameters: Any) -> Case:
    """Return the case of what the body of an error holds."""
    return Case(
        behaviour,
        f"{operation}({', '.join(f'{k}={v!r}' for k, v in parameters.items())})",
        aws,
        lambda lab: error_body(lab, operation, **parameters),
    )


def echoed(behaviour: str, event: object) -> Case:
    """Return the case of an event that comes back as it was sent."""

    def ask(lab: Lab) -> object:
        name = lab.function("def handler(event, context):", "    return event")
        return lab.invoke(name, event)["Payload"] == event

    return Case(behaviour, f"invoke(Payload={json.dumps(event)[:60]})", True, ask)


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


def request_ids(lab: Lab) -> object:
    """Return the request ids of an answer, of an invocation and of an error."""
    name = lab.function("def handler(event, context):", "    return context.aws_request_id")
    invoked = lab.invoke(name)
    try:
        lab.call("get_function", FunctionName="no")
    except ClientError as error:
        refused: Mapping[str, Any] = error.response
    return [
        lab.call("get_function")["ResponseMetadata"]["RequestId"],
        invoked["ResponseMetadata"]["RequestId"] == invoked["Payload"],
        refused["ResponseMetadata"]["RequestId"],
    ]


def dry_run(lab: Lab) -> object:
    name = lab.function()
    answered = lab.invoke(name, InvocationType="DryRun")
    groups = lab.client("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")
    return [answered["StatusCode"], answered["Payload"], groups["logGroups"]]


def tail(lab: Lab) -> object:
    answered = lab.invoke(
        lab.function("def handler(event, context):", "    print('x' * 9000)"), LogType="Tail"
    )
    return len(base64.b64decode(answered["LogResult"]))


def without_tail(lab: Lab) -> object:
    return "LogResult" in lab.invoke(lab.function())


def big(size: int) -> Any:
    """Return how an Invoke with a payload of so many bytes is answered."""

    def ask(lab: Lab) -> object:
        name = lab.function("def handler(event, context):", "    return len(event)")
        payload = b'"' + b"x" * (size - 2) + b'"'
        try:
            answered = lab.call("invoke", FunctionName=name, Payload=payload)
        except ClientError as error:
            return lab_refused(error)
        return json.load(answered["Payload"])

    return ask


def lab_refused(error: ClientError) -> object:
    response: Any = error.response
    return f"{status(response)} {response['Error']['Code']}: {response['Error']['Message']}"


def big_response(lab: Lab) -> object:
    name = lab.function("def handler(event, context):", "    return 'x' * 6291600")
    answered = lab.invoke(name)
    return [answered.get("FunctionError"), answered["Payload"]["errorType"]]


def context(lab: Lab) -> object:
    name = lab.function(
        "def handler(event, context):",
        "    return [context.function_name, context.function_version, context.invoked_function_arn,",
        "        context.memory_limit_in_mb, context.log_group_name, context.identity.cognito_identity_id,",
        "        context.client_context, 0 < context.get_remaining_time_in_millis() <= 20000]",
    )
    return lab.invoke(name)["Payload"]


def client_context(lab: Lab) -> object:
    name = lab.function("def handler(event, context):", "    return context.client_context.custom")
    given = base64.b64encode(b'{"custom": {"colour": "white"}}').decode()
    return lab.invoke(name, ClientContext=given)["Payload"]


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


def streamed(lab: Lab) -> object:
    name = lab.function("def handler(event, context):", "    return {'hello': 'stream'}")
    events = list(lab.call("invoke_with_response_stream", FunctionName=name)["EventStream"])
    chunks = b"".join(event["PayloadChunk"]["Payload"] for event in events[:-1])
    return [json.loads(chunks), events[-1]]


def stream_failed(lab: Lab) -> object:
    name = lab.function("def handler(event, context):", "    raise ValueError('as you wish')")
    events = list(lab.call("invoke_with_response_stream", FunctionName=name)["EventStream"])
    return events[-1]["InvokeComplete"]["ErrorCode"]


def async_deprecated(lab: Lab) -> object:
    answered = lab.call("invoke_async", FunctionName=lab.function(), InvokeArgs=b"{}")
    return answered["Status"]


def empty_payload(lab: Lab) -> object:
    name = lab.function("def handler(event, context):", "    return event")
    return json.load(lab.call("invoke", FunctionName=name)["Payload"])


def headers(lab: Lab) -> object:
    answered = lab.call("invoke", Qualifier="live")["ResponseMetadata"]["HTTPHeaders"]
    return {name: answered.get(name) for name in ("content-type", "x-amz-executed-version")}


def unsigned(lab: Lab) -> object:
    url = f"{lab.shared.endpoint}/2015-03-31/functions/{lab.shared.name}/invocations"
    try:
        with urlopen(Request(url, b"{}")) as answered:  # noqa: S310 - loopback
            return answered.status
    except OSError as error:
        return getattr(error, "code", str(error))


CASES = (
    Case(
        "A DryRun answers 204 and runs nothing",
        "invoke(InvocationType='DryRun')",
        [204, None, []],
        dry_run,
    ),
    answer("A synchronous call answers 200", 200, lambda got: got["StatusCode"], "invoke"),
    answer(
        "An event is accepted with 202, without a body",
        [202, ""],
        lambda got: [got["StatusCode"], got["Payload"].read().decode()],
        "invoke",
        InvocationType="Event",
    ),
    Case(
        "InvokeAsync accepts with 202",
        "invoke_async",
        202,
        async_deprecated,
        reference("InvokeAsync"),
    ),
    refusal(
        "An unknown invocation type is refused, with the known ones",
        f"400 {VALIDATION}: 1 validation error detected: Value 'Later' at 'invocationType' failed to "
        "satisfy constraint: Member must satisfy enum value set: [DryRun, RequestResponse, Event]",
        "invoke",
        InvocationType="Later",
    ),
    refusal(
        "A payload that is no JSON is refused in Jackson's words",
        f"400 InvalidRequestContentException: {NO_JSON} Unrecognized token 'nope': was expecting "
        f'{EXPECTED}\n at [Source: (byte[])"nope"; line: 1, column: 5]',
        "invoke",
        Payload=b"nope",
    ),
    refusal(
        "A payload with a single quote is refused in Jackson's words",
        f"400 InvalidRequestContentException: {NO_JSON} Unexpected character (''' (code 39)): "
        "was expecting double-quote to start field name\n"
        " at [Source: (byte[])\"{'a': 1}\"; line: 1, column: 3]",
        "invoke",
        Payload=b"{'a': 1}",
    ),
    refusal(
        "Bytes that are no UTF-8 are refused",
        f"400 InvalidRequestContentException: {NO_JSON} Invalid UTF-8 start byte 0xff…",
        "invoke",
        Payload=b"\xff",
    ),
    refusal(
        "NaN is no JSON",
        f"400 InvalidRequestContentException: {NO_JSON} Non-standard token 'NaN': …",
        "invoke",
        Payload=b"NaN",
    ),
    refusal(
        "A client context that is no base64 is refused",
        "400 InvalidRequestContentException: Client context must be a valid Base64-encoded JSON object.",
        "invoke",
        ClientContext="no base64",
    ),
    echoed("An event may be text", "text"),
    echoed("An event may be a list", [1, 2.5, None, True]),
    echoed("An event may be null", None),
    echoed("An event may be a number", 42),
    echoed("An event may be nested, and not ASCII", {"a": {"b": ["ü", "🦄"]}}),
    Case("Without a payload the event is an empty object", "invoke()", {}, empty_payload),
    Case("A payload of 5 MB arrives", "invoke(Payload of 5 MB)", 5_000_000 - 2, big(5_000_000)),
    Case(
        "A payload of more than 6 MB is refused",
        "invoke(Payload of 7 MB)",
        "413 RequestTooLargeException: Request must be smaller than 6291456 bytes for the InvokeFunction operation",
        big(7_000_000),
    ),
    Case(
        "A response of more than 6 MB is an error",
        "invoke of a function that returns 6,291,602 bytes",
        ["Unhandled", "Function.ResponseSizeTooLarge"],
        big_response,
    ),
    Case(
        "The context object has the function's names, limits and remaining time",
        "invoke",
        ["NAME", "$LATEST", f"{ARN}NAME", "128", "/aws/lambda/NAME", None, None, True],
        context,
    ),
    Case(
        "The client context reaches the function",
        "invoke(ClientContext=…)",
        {"colour": "white"},
        client_context,
    ),
    Case("The tail of the log has at most 4 KB", "invoke(LogType='Tail')", 4096, tail),
    Case("Without LogType there is no tail", "invoke", False, without_tail),
    Case(
        "Requests have a UUID, which the function sees",
        "get_function, invoke, get_function of none",
        ["UUID", True, "UUID"],
        request_ids,
    ),
    Case(
        "The answer says which version ran",
        "invoke(Qualifier='live')",
        {"content-type": "application/json", "x-amz-executed-version": "1"},
        headers,
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
        "A stream has what the function returns, and an end",
        "invoke_with_response_stream",
        [{"hello": "stream"}, {"InvokeComplete": {}}],
        streamed,
    ),
    Case(
        "The end of a stream says that the function failed",
        "invoke_with_response_stream of a function that raises",
        "Unhandled",
        stream_failed,
    ),
    Case("A request without a signature is refused", "POST without Authorization", 403, unsigned),
    body(
        "The body of a 404 has Type and Message",
        {
            "Type": "User",
            "Message": f"Function not found: {ARN}no",
        },
        "get_function",
        FunctionName="no",
    ),
    body(
        "The body of a 400 has Type and message",
        {
            "Type": "User",
            "message": "$LATEST version cannot be deleted without deleting the function.",
        },
        "delete_function",
        Qualifier="$LATEST",
    ),
    body(
        "The body of a 409 has Type and message",
        {
            "Type": "User",
            "message": f"Alias already exists: {ARN}NAME:live",
        },
        "create_alias",
        Name="live",
        FunctionVersion="1",
    ),
)
