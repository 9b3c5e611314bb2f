"""Lambda's Invoke, after its API reference: invocation types, headers and errors."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from typing import Any

from werkzeug.wrappers import Response

from local_aws.code_hash import CODE_SHA256_HEADER
from local_aws.functions import recursion
from local_aws.functions.api.call import Call
from local_aws.functions.api.errors import ApiError
from local_aws.functions.environment import EnvironmentStartError
from local_aws.functions.executor import Execution, Executor
from local_aws.functions.function_version import FunctionVersion
from local_aws.functions.payload_errors import error_in
from local_aws.functions.pool import ThrottledError
from local_aws.functions.runnable import runnable
from local_aws.functions.unpack import BadZipError

# "Lambda quotas", Invocation payload: 6 MB for a synchronous request, 1 MB for an asynchronous one.
PAYLOAD_LIMIT = {"DryRun": 6_291_456, "RequestResponse": 6_291_456, "Event": 1_048_576}
LOG_TAIL_BYTES = 4096


@dataclass(frozen=True)
class Stream:
    """The events of a streamed response, and its headers."""

    events: Sequence[Mapping[str, Any]]
    headers: Mapping[str, str]


class InvokeApi:
    """Answers Invoke with `executor`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def answer(self, call: Call, trace: str | None) -> Response:
        """Return the response to an Invoke with valid parameters. Raises ApiError.

        `trace` is the tracing header of the request.
        """
        kind = call.get("InvocationType", "RequestResponse")
        reference = call.reference()
        version = runnable(call.store, reference, at_once=True)
        payload = _payload(call.get("Payload"), kind)
        context = _client_context(call.get("ClientContext"))
        if kind == "DryRun":
            return Response(status=HTTPStatus.NO_CONTENT)
        recursion.check(call.store, version, trace)
        if kind == "Event":
            resolve = partial(runnable, call.store, reference)
            request_id = self._executor.enqueue(resolve, payload, context, trace)
            return Response(status=HTTPStatus.ACCEPTED, headers={"x-amzn-requestid": request_id})
        execution = self._run(version, payload, context, trace)
        return _answer(version, execution, with_tail=call.get("LogType") == "Tail")

    def answer_deprecated(self, call: Call, trace: str | None) -> Response:
        """Return the response to InvokeAsync, the deprecated operation for asynchronous events. Raises ApiError."""
        parameters = {
            "FunctionName": call.get("FunctionName"),
            "InvocationType": "Event",
            "Payload": call.get("InvokeArgs"),
        }
        self.answer(replace(call, parameters=parameters), trace)
        return Response('{"Status":202}', HTTPStatus.ACCEPTED, content_type="application/json")

    def answer_stream(self, call: Call, trace: str | None) -> Stream:
        """Return the stream for InvokeWithResponseStream: the payload in one piece, and the end. Raises ApiError."""
        version = runnable(call.store, call.reference(), at_once=True)
        payload = _payload(call.get("Payload"), "RequestResponse")
        recursion.check(call.store, version, trace)
        context = _client_context(call.get("ClientContext"))
        execution = self._run(version, payload, context, trace)
        end: dict[str, Any] = {}
        if execution.reply.status != "success":
            end = {"ErrorCode": "Unhandled", "ErrorDetails": execution.reply.payload.decode()}
        if call.get("LogType") == "Tail":
            end["LogResult"] = _tail(execution)
        chunk = {"PayloadChunk": {"Payload": execution.reply.payload}}
        headers = {
            "x-amz-executed-version": version.version,
            "x-amzn-requestid": execution.reply.request_id,
        }
        return Stream([chunk, {"InvokeComplete": end}], headers)

    def _run(
        self, function: FunctionVersion, payload: bytes, context: str | None, trace: str | None
    ) -> Execution:
        try:
            return self._executor.run(function, payload, context, trace=trace)
        except ThrottledError as error:
            raise ApiError(
                "TooManyRequestsException", error.sentence, Reason=error.reason
            ) from error
        except BadZipError as error:
            raise ApiError("InvalidZipFileException", str(error)) from error
        # OSError: the disk is full, or no process can be started.
        except (EnvironmentStartError, OSError) as error:
            raise ApiError("ServiceException", str(error)) from error


def _payload(given: bytes | None, kind: str) -> bytes:
    payload = given or b"{}"
    limit = PAYLOAD_LIMIT[kind]
    if len(payload) > limit:
        raise ApiError(
            "RequestTooLargeException",
            f"Request must be smaller than {limit} bytes for the InvokeFunction operation",
        )
    if error := error_in(payload):
        raise _bad_content(
            f"Could not parse request body into json: Could not parse payload into json: {error}"
        )
    return payload


def _client_context(given: str | None) -> str | None:
    """Return the caller's client context, decoded to JSON. Raises ApiError."""
    if not given:
        return None
    try:
        context = base64.b64decode(given, validate=True).decode()
        valid = isinstance(json.loads(context), dict)
    except (ValueError, RecursionError):
        valid = False
    if not valid:
        raise _bad_content("Client context must be a valid Base64-encoded JSON object.")
    return context


def _answer(function: FunctionVersion, execution: Execution, *, with_tail: bool) -> Response:
    response = Response(execution.reply.payload, content_type="application/json")
    response.headers["x-amz-executed-version"] = function.version
    response.headers["x-amzn-requestid"] = execution.reply.request_id
    response.headers[CODE_SHA256_HEADER] = execution.code_sha256
    if execution.reply.status != "success":
        response.headers["x-amz-function-error"] = "Unhandled"
    if with_tail:
        response.headers["x-amz-log-result"] = _tail(execution)
    return response


def _tail(execution: Execution) -> str:
    log = execution.log.encode()
    return base64.b64encode(log[-LOG_TAIL_BYTES:]).decode("ascii")


def _bad_content(message: str) -> ApiError:
    return ApiError("InvalidRequestContentException", message)
