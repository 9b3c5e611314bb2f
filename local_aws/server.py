"""The local AWS: one server on loopback with moto's services, IAM in front of them, and Lambda."""

import os
import shutil
import socket
import tempfile
import threading
from pathlib import Path
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from werkzeug.serving import make_server

from local_aws import moto_seams
from local_aws.access.code_downloads import CodeDownloads
from local_aws.access.dynamodb import DynamoDb
from local_aws.access.function_urls import FunctionUrls
from local_aws.access.gateway import lambda_integration
from local_aws.access.http_server import HttpHandler
from local_aws.access.rest.addresses import RestApis
from local_aws.access.rest.application import RestApplication
from local_aws.access.same_machine import SameMachineOnly
from local_aws.access.unsupported import UnsupportedCalls, create_app
from local_aws.cloudwatch.alarms import AlarmEvaluator
from local_aws.errors import LocalAwsError
from local_aws.functions.api.store import Stores
from local_aws.functions.cold_start import ColdStarts
from local_aws.functions.event_sources.polling import EventSources
from local_aws.functions.executor import Executor
from local_aws.functions.lambda_api import LambdaApi
from local_aws.functions.namespaces import Namespaces, NamespacesError, find_namespaces
from local_aws.functions.toolchain import Toolchain, find_toolchain
from local_aws.iam.middleware import Enforcement
from local_aws.loopback import LOOPBACK
from local_aws.moto_seams import apigateway, cognitoidp
from local_aws.processes.work_folder import make_work_folder
from local_aws.warming import warm

BACKLOG = 128
STOP_POLL_S = 0.05


class PortError(LocalAwsError):
    """The port cannot be bound."""


class LocalAws:
    """Runs the local AWS in threads of this process, once per process, as moto's state is global.

    `no_namespaces_because` is the reason why functions do not run in namespaces; None if they do.
    """

    def __init__(self, port: int) -> None:
        """Bind the port (0 picks a free one).

        Raises MissingToolchainError, PortError, or OSError if the work folder cannot be created.
        """
        toolchain = find_toolchain()
        with _bind(port) as bound:
            self.endpoint = f"http://{LOOPBACK}:{bound.getsockname()[1]}"
            self._work = make_work_folder(Path(tempfile.gettempdir()), "local-aws")
            namespaces, self.no_namespaces_because = _namespaces(toolchain)
            starts = ColdStarts(toolchain, namespaces, self._work, self.endpoint)
            self._stores = Stores(bound.getsockname()[1])
            self._executor = Executor(starts, self._stores)
            moto = UnsupportedCalls(DynamoDb(DomainDispatcherApplication(_create_app)))
            services = LambdaApi(self._executor, self._stores, moto)
            invoke = lambda_integration.invoker(self._executor, self._stores)
            self._rest_apis = RestApplication(apigateway.find, cognitoidp.keys_of, invoke)
            signed = CodeDownloads(self._stores, Enforcement(services))
            rest_apis = RestApis(self._rest_apis, signed)
            self._server = make_server(
                LOOPBACK,
                port,
                SameMachineOnly(FunctionUrls(self._stores, self._executor, rest_apis)),
                threaded=True,
                request_handler=HttpHandler,
                fd=bound.fileno(),
            )
        self._warming = threading.Thread(target=warm, args=(moto,), name="warming", daemon=True)
        self._alarms = AlarmEvaluator()
        self._event_sources = EventSources(self._stores, self._executor)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(STOP_POLL_S,), name="server", daemon=True
        )

    def start(self) -> None:
        """Start serving."""
        # moto reads it when its IAM is first used, and then has AWS's managed policies.
        os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
        self._http_apis = moto_seams.install(self._executor, self._stores)
        self._alarms.start()
        self._event_sources.start()
        self._thread.start()
        self._warming.start()

    def stop(self) -> None:
        """Stop serving, end all execution environments, and remove the work folder."""
        self._server.shutdown()
        self._server.server_close()
        self._http_apis.close_all()
        self._rest_apis.close()
        self._alarms.stop()
        self._event_sources.stop()
        self._executor.close()
        shutil.rmtree(self._work, ignore_errors=True)


def _create_app(service: Any) -> Any:
    """Return moto's application for a service, which is now used for the first time."""
    if service == "apigateway":
        apigateway.install()
    return create_app(service)


def _namespaces(toolchain: Toolchain) -> tuple[Namespaces | None, str | None]:
    try:
        return find_namespaces(toolchain), None
    except NamespacesError as error:
        return None, str(error)


def _bind(port: int) -> socket.socket:
    try:
        return socket.create_server((LOOPBACK, port), backlog=BACKLOG)
    except (OSError, OverflowError) as error:
        raise PortError(
            f"cannot use port {port} on {LOOPBACK}: {error}\n"
            'Choose another: --port 0 takes any free one (with make: ARGS="--port 0").'
        ) from error
