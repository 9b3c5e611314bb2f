"""Lambda's Invoke, after its API reference: the ways to name a function, the invocation types, headers and errors."""

import base64
import json
import re
import uuid
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, NoReturn

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.utils import get_backend
from moto.iam.models import get_account_id_from
from werkzeug.wrappers import Request, Response

from local_aws import function_name
from local_aws.code_hash import CODE_SHA256_HEADER
from local_aws.functions.environment import EnvironmentStartError
from local_aws.functions.executor import Execution, Executor
from local_aws.functions.function_version import FunctionVersion
from local_aws.functions.pool import ThrottledError
from local_aws.functions.unpack import BadZipError
from local_aws.iam import signature
from local_aws.iam.signature import Claim

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = re.compile(r"/2015-03-31/functions/(.+)/invocations/?")
UNSIGNED = Claim("", region="us-east-1", service="lambda")
INVOCATION_TYPES = ("DryRun", "RequestResponse", "Event")
# What AWS's messages show of the names it takes; `function_name` reads them.
NAME_PATTERN = (
    r"(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?"
    r"([a-zA-Z0-9-_\.]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?"
)
# "Lambda quotas", Invocation payload: 6 MB for a request that is answered at once, 1 MB for an asynchronous one.
PAYLOAD_LIMIT = {"DryRun": 6_291_456, "RequestResponse": 6_291_456, "Event": 1_048_576}
LOG_TAIL_BYTES = 4096


class InvokeError(Exception):
    """What Invoke answers instead of running the function; a throttle has a reason."""

    def __init__(
        self, status: HTTPStatus, code: str, message: str, reason: str | None = None
    ) -> None:
        super().__init__(message)
        self._status = status
        self._code = code
        self._said = {"Type": "User" if status < 500 else "Service", "message": message}
        if reason:
            self._said["Reason"] = reason

    def answer(self) -> Response:
        """Return the response, in the protocol of Lambda's API: the code in a header, the rest as JSON."""
        response = Response(json.dumps(self._said), self._status, content_type="application/json")
        response.headers["x-amzn-errortype"] = self._code
        return response


class InvokeApi:
    """A WSGI application that answers Invoke with `executor`, and leaves every other request to `services`."""

    def __init__(self, executor: Executor, services: "WSGIApplication") -> None:
        self._executor = executor
        self._services = services

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request."""
        named = PATH.fullmatch(environ["PATH_INFO"])
        claim = signature.read(environ) or UNSIGNED
        if named is None or environ["REQUEST_METHOD"] != "POST" or claim.service != "lambda":
            return self._services(environ, start_response)
        try:
            response = self._invoke(Request(environ), named[1], claim)
        except InvokeError as error:
            response = error.answer()
        response.headers.setdefault("x-amzn-requestid", str(uuid.uuid4()))
        return response(environ, start_response)

    def _invoke(self, request: Request, named: str, claim: Claim) -> Response:
        kind = _kind(request)
        account = get_account_id_from(claim.access_key_id)
        name, qualifier = _target(request, named, account, claim.region)

        def version_now() -> FunctionVersion:
            found = get_backend(account, claim.region).get_function(name, qualifier)
            version: FunctionVersion = found.as_version(qualifier)
            return version

        try:
            version = version_now()
        except UnknownFunctionException as error:
            raise _not_found(error.message) from error
        payload = _payload(request, kind)
        context = _client_context(request)
        if kind == "DryRun":
            return Response(status=HTTPStatus.NO_CONTENT)
        if kind == "Event":
            request_id = self._executor.enqueue(version_now, payload, context)
            return Response(status=HTTPStatus.ACCEPTED, headers={"x-amzn-requestid": request_id})
        execution = self._run(version, payload, context)
        with_tail = request.headers.get("X-Amz-Log-Type") == "Tail"
        return _answer(version, execution, with_tail=with_tail)

    def _run(self, function: FunctionVersion, payload: bytes, context: str | None) -> Execution:
        try:
            return self._executor.run(function, payload, context)
        except ThrottledError as error:
            raise InvokeError(
                HTTPStatus.TOO_MANY_REQUESTS,
                "TooManyRequestsException",
                "Rate Exceeded.",
                error.reason,
            ) from error
        except BadZipError as error:
            raise InvokeError(
                HTTPStatus.BAD_GATEWAY, "InvalidZipFileException", str(error)
            ) from error
        except (
            EnvironmentStartError,
            OSError,
        ) as error:  # OSError: no room, or no process to be had
            raise InvokeError(
                HTTPStatus.INTERNAL_SERVER_ERROR, "ServiceException", str(error)
            ) from error


def _kind(request: Request) -> str:
    kind = request.headers.get("X-Amz-Invocation-Type", "RequestResponse")
    if kind not in INVOCATION_TYPES:
        kinds = ", ".join(INVOCATION_TYPES)
        raise _invalid(kind, "invocationType", f"Member must satisfy enum value set: [{kinds}]")
    return kind


def _target(request: Request, named: str, account: str, region: str) -> tuple[str, str | None]:
    """Return the function's name and the version or alias, which may be part of how the request names it."""
    asked = function_name.parse(named)
    if asked is None:
        raise _invalid(
            named, "functionName", f"Member must satisfy regular expression pattern: {NAME_PATTERN}"
        )
    qualifier = request.args.get("Qualifier") or asked.qualifier
    if asked.qualifier not in (None, qualifier):
        raise InvokeError(
            HTTPStatus.BAD_REQUEST,
            "InvalidParameterValueException",
            "The derived qualifier from the function name does not match the specified qualifier.",
        )
    if asked.region not in (None, region):
        raise _not_found(
            f"Functions from '{asked.region}' are not reachable in this region ('{region}')"
        )
    if asked.account not in (None, account):
        raise _not_found(f"Function not found: {named}")
    return asked.name, qualifier


def _payload(request: Request, kind: str) -> bytes:
    payload = request.get_data() or b"{}"
    limit = PAYLOAD_LIMIT[kind]
    if len(payload) > limit:
        raise InvokeError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "RequestTooLargeException",
            f"Request must be smaller than {limit} bytes for the InvokeFunction operation",
        )
    try:
        json.loads(payload.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise _bad_content(f"Could not parse request body into json: {error}") from error
    return payload


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"Non-standard token '{name}'")


def _client_context(request: Request) -> str | None:
    """Return the caller's client context, decoded: JSON."""
    header = request.headers.get("X-Amz-Client-Context")
    if not header:
        return None
    try:
        context = base64.b64decode(header, validate=True).decode()
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


def _invalid(value: str, parameter: str, constraint: str) -> InvokeError:
    return InvokeError(
        HTTPStatus.BAD_REQUEST,
        "ValidationException",
        f"1 validation error detected: Value '{value}' at '{parameter}' failed to satisfy constraint: {constraint}",
    )


def _not_found(message: str) -> InvokeError:
    return InvokeError(HTTPStatus.NOT_FOUND, "ResourceNotFoundException", message)


def _bad_content(message: str) -> InvokeError:
    return InvokeError(HTTPStatus.BAD_REQUEST, "InvalidRequestContentException", message)
