"""Lambda as WSGI middleware: its control plane and Invoke."""

import re
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from moto.core.request import Request
from moto.iam.models import get_account_id_from
from werkzeug.wrappers import Response

from local_aws.functions.api import model, validation
from local_aws.functions.api.call import Call
from local_aws.functions.api.errors import ApiError, unknown_operation
from local_aws.functions.api.operations import OPERATIONS
from local_aws.functions.api.store import Stores
from local_aws.functions.executor import Executor
from local_aws.functions.invoke_api import InvokeApi
from local_aws.iam import signature
from local_aws.iam.signature import Claim

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# The paths by which unsigned requests to Lambda are recognized.
_PATH = re.compile(
    r"/20\d\d-\d\d-\d\d/"
    r"(functions|layers|event-source-mappings|account-settings|code-signing-configs)\b.*"
)
# Recorded from AWS: a zip of 50 MB in base64, and the rest of the request.
REQUEST_LIMIT = 70_167_211
_UNSIGNED = Claim("", region="us-east-1", service="lambda")


class LambdaApi:
    """WSGI middleware: answers requests to Lambda, and passes all others to `services`."""

    def __init__(self, executor: Executor, stores: Stores, services: "WSGIApplication") -> None:
        self._executor = executor
        self._stores = stores
        self._services = services
        self._invoke = InvokeApi(executor)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request."""
        claim = signature.read(environ) or _UNSIGNED
        is_lambda = claim.service == "lambda" and (
            claim is not _UNSIGNED or _PATH.fullmatch(environ["PATH_INFO"])
        )
        if not is_lambda:
            return self._services(environ, start_response)
        try:
            response = self._answer(Request(environ), claim)
        except ApiError as error:
            response = error.response()
        response.headers.setdefault("x-amzn-requestid", str(uuid.uuid4()))
        return response(environ, start_response)

    def _answer(self, request: Request, claim: Claim) -> Response:
        operation, in_path = model.operation_of(request)
        _check_size(operation.name, request)
        parameters = model.parameters_of(operation, in_path, request)
        validation.check(operation, parameters)
        store = self._stores.of(get_account_id_from(claim.access_key_id), claim.region)
        call = Call(operation.name, parameters, store)
        trace = request.headers.get("X-Amzn-Trace-Id")
        if operation.name == "Invoke":
            return self._invoke.answer(call, trace)
        if operation.name == "InvokeAsync":
            return self._invoke.answer_deprecated(call, trace)
        if operation.name == "InvokeWithResponseStream":
            stream = self._invoke.answer_stream(call, trace)
            response = model.answer_stream(operation, stream.events)
            response.headers.update(stream.headers)
            return response
        perform = OPERATIONS.get(operation.name)
        if perform is None:
            raise unknown_operation(operation.name)
        with store.lock:
            result = perform(call)
        if operation.name == "DeleteFunction":
            self._executor.end(store.account, store.region, call.reference())
        return model.answer(operation, result)


def _check_size(operation: str, request: Request) -> None:
    if len(request.get_data()) > REQUEST_LIMIT:
        raise ApiError(
            "RequestEntityTooLargeException",
            f"Request must be smaller than {REQUEST_LIMIT} bytes for the {operation} operation",
        )
