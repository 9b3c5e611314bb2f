"""moto 5.2.5's Lambda runs functions only in Docker, and does not store all of their configuration.

It drops LoggingConfig, updates of TracingConfig, EphemeralStorage and Architectures, and a reserved concurrency of 0,
so every plan shows a change. Without this seam test_stack.py and test_concurrency.py (tests/integration) fail.
"""

import json
from typing import Any, ClassVar

import moto.awslambda.models as moto_lambda
from moto.awslambda.utils import get_backend

from local_aws.functions.executor import Executor
from local_aws.functions.function_version import FunctionVersion


def install(executor: Executor) -> None:
    """Make every function of moto's Lambda run on `executor`."""
    RunnableFunction.executor = executor
    moto_lambda.LambdaFunction = RunnableFunction


class RunnableFunction(moto_lambda.LambdaFunction):  # type: ignore[misc] # moto is untyped under --strict
    """A moto function that runs, and stores LoggingConfig, TracingConfig and EphemeralStorage."""

    executor: ClassVar[Executor]

    def __init__(
        self, account_id: str, spec: dict[str, Any], region: str, version: str | int = 1
    ) -> None:
        super().__init__(account_id, spec, region, version)
        self.logging_config = self._complete(spec.get("LoggingConfig"))

    def get_configuration(self, on_create: bool = False) -> dict[str, Any]:
        """Return the response of GetFunctionConfiguration."""
        configuration: dict[str, Any] = super().get_configuration(on_create)
        configuration["LoggingConfig"] = self.logging_config
        return configuration

    def get_code(self) -> dict[str, Any]:
        """Return the response of GetFunction; moto treats a reserved concurrency of 0 as none."""
        answer: dict[str, Any] = super().get_code()
        if self.reserved_concurrency is not None:
            reserved = int(self.reserved_concurrency)
            answer["Concurrency"] = {"ReservedConcurrentExecutions": reserved}
        return answer

    def update_configuration(self, config_updates: dict[str, Any]) -> dict[str, Any]:
        """Apply an UpdateFunctionConfiguration request."""
        if "LoggingConfig" in config_updates:
            self.logging_config = self._complete(config_updates["LoggingConfig"])
        if "TracingConfig" in config_updates:
            self.tracing_config = config_updates["TracingConfig"]
        if "EphemeralStorage" in config_updates:
            self.ephemeral_storage = config_updates["EphemeralStorage"]["Size"]
        super().update_configuration(config_updates)
        return self.get_configuration()

    def update_function_code(self, updated_spec: dict[str, Any]) -> dict[str, Any]:
        """Apply an UpdateFunctionCode request."""
        if "Architectures" in updated_spec:
            self.architectures = updated_spec["Architectures"]
        super().update_function_code(updated_spec)
        return self.get_configuration()

    def as_version(self, qualifier: str | None = None) -> FunctionVersion:
        """Return what an execution environment is created from, as invoked by the qualifier."""
        logging = self.logging_config
        # A published version has its own copy of everything but this, which belongs to the function.
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
        """Run an event from another moto service (SNS, a stream)."""
        execution = self.executor.run(self.as_version(), json.dumps(event).encode())
        reply = execution.reply
        return reply.payload.decode(), reply.status != "success", execution.log

    def _complete(self, given: dict[str, Any] | None) -> dict[str, Any]:
        config = {
            "LogFormat": "Text",
            "LogGroup": f"/aws/lambda/{self.function_name}",
            **(given or {}),
        }
        if config["LogFormat"] == "JSON":
            config = {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO", **config}
        return config
