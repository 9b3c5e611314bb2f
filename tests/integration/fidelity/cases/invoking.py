"""Invoke: kinds, payloads, the context, and what goes back with an answer."""

import base64
import json
from typing import Any

from botocore.exceptions import ClientError

from tests.integration.fidelity.case import (
    ARN,
    VALIDATION,
    Case,
    answer,
    reference,
    refusal,
)
from tests.integration.fidelity.lab import Lab, status

NO_JSON = "Could not parse request body into json: Could not parse payload into json:"
EXPECTED = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"


def echoed(behaviour: str, event: object) -> Case:
    """Return the case of an event that comes back as it was sent."""

    def ask(lab: Lab) -> object:
        name = lab.function("def handler(event, context):", "    return event")
        return lab.invoke(name, event)["Payload"] == event

    return Case(behaviour, f"invoke(Payload={json.dumps(event)[:60]})", True, ask)


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


def streamed(lab: Lab) -> object:
    name = lab.function("def handler(event, context):", "    return {'hello': 'stream'}")
    events = list(lab.call("invoke_with_response_stream", FunctionName=name)["EventStream"])
    chunks = b"".join(event["PayloadChunk"]["Payload"] for event in events[:-1])
    return [json.loads(chunks), events[-1]]


def stream_of_version(lab: Lab) -> object:
    answered = lab.call(
        "invoke_with_response_stream", Qualifier="live", Payload=b'{"do": "context"}'
    )
    chunks = [event["PayloadChunk"] for event in answered["EventStream"] if "PayloadChunk" in event]
    seen = json.loads(b"".join(chunk["Payload"] for chunk in chunks))
    return [
        answered["ExecutedVersion"],
        seen["request_id"] == answered["ResponseMetadata"]["RequestId"],
    ]


def async_deprecated(lab: Lab) -> object:
    answered = lab.call("invoke_async", FunctionName=lab.function(), InvokeArgs=b"{}")
    return answered["Status"]


def empty_payload(lab: Lab) -> object:
    name = lab.function("def handler(event, context):", "    return event")
    return json.load(lab.call("invoke", FunctionName=name)["Payload"])


def headers(lab: Lab) -> object:
    answered = lab.call("invoke", Qualifier="live")["ResponseMetadata"]["HTTPHeaders"]
    return {name: answered.get(name) for name in ("content-type", "x-amz-executed-version")}


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
        "The answer says which version ran",
        "invoke(Qualifier='live')",
        {"content-type": "application/json", "x-amz-executed-version": "1"},
        headers,
    ),
    Case(
        "A stream says which version ran, under the id that the function has",
        "invoke_with_response_stream(Qualifier='live')",
        ["1", True],
        stream_of_version,
        reference("InvokeWithResponseStream"),
    ),
    Case(
        "A stream has what the function returns, and an end",
        "invoke_with_response_stream",
        [{"hello": "stream"}, {"InvokeComplete": {}}],
        streamed,
    ),
)
