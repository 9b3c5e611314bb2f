"""Gives moto's Lambda an executor, and makes it keep what it forgets of a function's configuration."""

import base64
import json
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import unquote

import moto.awslambda.models as moto_lambda
from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.responses import LambdaResponse
from moto.awslambda.utils import get_backend

from local_aws.environment import EnvironmentStartError
from local_aws.executor import Execution, Executor
from local_aws.function_version import FunctionVersion
from local_aws.pool import ThrottledError
from local_aws.unpack import BadZipError

# "Lambda quotas", Invocation payload: 6 MB for a request that is answered at once, 1 MB for an asynchronous one.
PAYLOAD_LIMIT = {"RequestResponse": 6_291_456, "Event": 1_048_576}
LOG_TAIL_BYTES = 4096
# Which zip ran is what this emulation can prove and AWS does not tell.
CODE_SHA256_HEADER = "x-local-aws-code-sha256"


def install(executor: Executor) -> None:
    """Make every function of moto's Lambda run on `executor`. Once in a process: moto's services are global."""
    RunnableFunction.executor = executor
    moto_lambda.LambdaFunction = RunnableFunction
    LambdaResponse.invoke = invoke
    LambdaResponse._enrich_response = staticmethod(_keep_request_id)


class RunnableFunction(moto_lambda.LambdaFunction):  # type: ignore[misc] # moto is untyped under --strict
    """A function of moto's that runs, and remembers LoggingConfig, TracingConfig and EphemeralStorage."""

    executor: ClassVar[Executor]

    def __init__(
        self, account_id: str, spec: dict[str, Any], region: str, version: str | int = 1
    ) -> None:
        super().__init__(account_id, spec, region, version)
        self.logging_config = self._complete(spec.get("LoggingConfig"))

    def get_configuration(self, on_create: bool = False) -> dict[str, Any]:
        """Return what GetFunctionConfiguration answers."""
        configuration: dict[str, Any] = super().get_configuration(on_create)
        configuration["LoggingConfig"] = self.logging_config
        return configuration

    def update_configuration(self, config_updates: dict[str, Any]) -> dict[str, Any]:
        """Take over an UpdateFunctionConfiguration request."""
        if "LoggingConfig" in config_updates:
            self.logging_config = self._complete(config_updates["LoggingConfig"])
        if "TracingConfig" in config_updates:
            self.tracing_config = config_updates["TracingConfig"]
        if "EphemeralStorage" in config_updates:
            self.ephemeral_storage = config_updates["EphemeralStorage"]["Size"]
        super().update_configuration(config_updates)
        return self.get_configuration()

    def update_function_code(self, updated_spec: dict[str, Any]) -> dict[str, Any]:
        """Take over an UpdateFunctionCode request."""
        if "Architectures" in updated_spec:
            self.architectures = updated_spec["Architectures"]
        super().update_function_code(updated_spec)
        return self.get_configuration()

    def as_version(self, qualifier: str | None = None) -> FunctionVersion:
        """Return what an execution environment is made from, as called by the qualifier."""
        logging = self.logging_config
        # A published version keeps its own copy of everything but this, which is the function's.
        latest = get_backend(self.account_id, self.region).get_function(self.function_name)
        reserved = latest.reserved_concurrency
        return FunctionVersion(
            account=self.account_id,
            region=self.region,
            name=self.function_name,
            version=str(self.version),
            handler=self.handler,
            runtime=self.run_time,
            role_arn=self.role,
            memory_mb=int(self.memory_size),
            timeout_s=int(self.timeout),
            variables=tuple(sorted(self.environment_vars.items())),
            log_group=logging["LogGroup"],
            log_format=logging["LogFormat"],
            application_log_level=logging.get("ApplicationLogLevel", "INFO"),
            system_log_level=logging.get("SystemLogLevel", "INFO"),
            code_sha256=self.code_sha_256,
            code=self.code_bytes,
            reserved_concurrency=None if reserved is None else int(reserved),
            qualifier=qualifier,
        )

    def _invoke_lambda(self, event: Any = None) -> tuple[str, bool, str]:
        """Run an event from another of moto's services (SNS, a stream); the seam moto has for it."""
        execution = self.executor.run(self.as_version(), json.dumps(event).encode())
        reply = execution.reply
        return reply.payload.decode(), reply.status != "success", "\n".join(execution.log)

    def _complete(self, given: dict[str, Any] | None) -> dict[str, Any]:
        config = {
            "LogFormat": "Text",
            "LogGroup": f"/aws/lambda/{self.function_name}",
            **(given or {}),
        }
        if config["LogFormat"] == "JSON":
            config = {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO", **config}
        return config


def invoke(response: LambdaResponse) -> tuple[bytes, dict[str, str]]:
    """Answer Lambda's Invoke: its three invocation types, its headers and its errors, as the API reference has them.

    Returns the body and the headers, of which moto takes `status` for the HTTP status.
    """
    name, qualifier = _target(response)

    def version_now() -> FunctionVersion:
        found: RunnableFunction = response.backend.get_function(name, qualifier)
        return found.as_version(qualifier)

    version = version_now()
    executor = RunnableFunction.executor
    kind = response.headers.get("X-Amz-Invocation-Type", "RequestResponse")
    payload = _payload(response, kind)
    context = response.headers.get("X-Amz-Client-Context")
    if kind == "DryRun":
        return b"", {"status": str(HTTPStatus.NO_CONTENT.value)}
    if kind == "Event":
        executor.enqueue(version_now, payload, context)
        return b"", {"status": str(HTTPStatus.ACCEPTED.value)}
    execution = _run(executor, version, payload, context)
    headers = _answer_headers(version, execution)
    if response.headers.get("X-Amz-Log-Type") == "Tail":
        headers["x-amz-log-result"] = _tail(execution)
    return execution.reply.payload, headers


def _target(response: LambdaResponse) -> tuple[str, str | None]:
    name = unquote(response.path.removesuffix("/").rsplit("/", 2)[-2])
    return name, response.querystring.get("Qualifier", [None])[0]


def _payload(response: LambdaResponse, kind: str) -> bytes:
    body = response.body or b"{}"
    payload: bytes = body if isinstance(body, bytes) else body.encode()
    limit = PAYLOAD_LIMIT.get(kind, PAYLOAD_LIMIT["RequestResponse"])
    if len(payload) > limit:
        raise _refusal(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "RequestTooLargeException",
            f"Request must be smaller than {limit} bytes for the InvokeFunction operation",
        )
    try:
        json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise _refusal(
            HTTPStatus.BAD_REQUEST,
            "InvalidRequestContentException",
            f"Could not parse request body into json: {error}",
        ) from error
    return payload


def _run(
    executor: Executor, function: FunctionVersion, payload: bytes, context: str | None
) -> Execution:
    try:
        return executor.run(function, payload, context)
    except ThrottledError as error:
        raise _throttled(error.reason) from error
    except BadZipError as error:
        raise _refusal(HTTPStatus.BAD_GATEWAY, "InvalidZipFileException", str(error)) from error
    except (
        EnvironmentStartError,
        OSError,
    ) as error:  # OSError: no room to unpack, no process to be had
        raise _refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "ServiceException", str(error)) from error


_enrich_response = LambdaResponse._enrich_response


def _keep_request_id(headers: dict[str, str], body: Any) -> tuple[dict[str, str], Any]:
    """Let the id that the function saw stay the answer's; moto would make one up."""
    own = {name: headers[name] for name in ("x-amzn-requestid",) if name in headers}
    headers, body = _enrich_response(headers, body)
    return {**headers, **own}, body


def _answer_headers(function: FunctionVersion, execution: Execution) -> dict[str, str]:
    headers = {
        "content-type": "application/json",
        "x-amz-executed-version": function.version,
        "x-amzn-requestid": execution.reply.request_id,
        CODE_SHA256_HEADER: execution.code_sha256,
    }
    if execution.reply.status != "success":
        headers["x-amz-function-error"] = "Unhandled"
    return headers


def _tail(execution: Execution) -> str:
    log = "".join(f"{line}\n" for line in execution.log).encode()
    return base64.b64encode(log[-LOG_TAIL_BYTES:]).decode("ascii")


def _throttled(reason: str) -> LambdaClientError:
    """Return the TooManyRequestsException of the reference of Invoke."""
    refusal = _refusal(HTTPStatus.TOO_MANY_REQUESTS, "TooManyRequestsException", "Rate Exceeded.")
    refusal.description = json.dumps(
        {
            "__type": "TooManyRequestsException",
            "Reason": reason,
            "Type": "User",
            "message": "Rate Exceeded.",
        }
    )
    return refusal


def _refusal(status: HTTPStatus, code: str, message: str) -> LambdaClientError:
    error = LambdaClientError(code, message)
    error.code = int(status)
    return error
