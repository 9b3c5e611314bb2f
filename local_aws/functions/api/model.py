"""Reads requests and writes answers according to Lambda's service model, which botocore ships."""

import json
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from moto.core.parse import RestJSONParser
from moto.core.routing import RestRouter
from moto.core.serialize import RestJSONSerializer
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from local_aws.functions.api.errors import ApiError

Parameters = Mapping[str, Any]

# The model does not define the status; this is that of a deletion that does not take time.
_STATUSES = {"DeleteFunction": HTTPStatus.NO_CONTENT}

_TAGS = "/2017-03-31/tags/"

_router = RestRouter(get_service_model("lambda"))
# The most frequent operation: the router takes ten times as long.
_INVOKE = re.compile(r"/2015-03-31/functions/([^/]+)/invocations")


def operation_of(request: Any) -> tuple[Any, dict[str, Any]]:
    """Return the model of the operation of a request of moto's, and the parameters in its path.

    Raises ApiError if there is no such operation.
    """
    if request.method == "POST" and (invoked := _INVOKE.fullmatch(request.raw_path)):
        operation = get_service_model("lambda").operation_model("Invoke")
        return operation, {"FunctionName": unquote(invoked[1])}
    try:
        operation, in_path = _router.match(request)
    except NotFound as error:
        if request.method == "DELETE" and request.raw_path.startswith(_TAGS):
            # Without a tag key, the router does not find the operation; `validation` reports that.
            arn = unquote(request.raw_path.removeprefix(_TAGS))
            return get_service_model("lambda").operation_model("UntagResource"), {"Resource": arn}
        raise ApiError(
            "UnknownOperationException", f"Lambda has no {request.method} {request.path}."
        ) from error
    return operation, in_path


def parameters_of(operation: Any, in_path: Mapping[str, Any], request: Any) -> Parameters:
    """Return the parameters of a request, with the names and types in the model.

    Raises ApiError if they cannot be read.
    """
    body = request.get_data()
    if operation.input_shape is not None and "payload" not in operation.input_shape.serialization:
        _refuse_other_than_json(body)
    try:
        parsed: Parameters = RestJSONParser(operation).parse(
            {
                "method": request.method,
                "values": request.args,
                "headers": request.headers,
                "body": body,
                "url_path": request.path,
                "url_params": in_path,
            }
        )
    except (AttributeError, TypeError, ValueError) as error:
        raise ApiError("SerializationException", str(error)) from error
    return {
        name: value for name, value in parsed.items() if not _is_left_out(operation, name, value)
    }


def _is_left_out(operation: Any, name: str, value: Any) -> bool:
    """Whether a value is the empty list that the parser returns for a list that is not in the query string."""
    member = operation.input_shape.members[name]
    return value == [] and bool(member.serialization.get("location") == "querystring")


def answer(operation: Any, result: Mapping[str, Any] | None) -> Response:
    """Return the response of an operation that succeeded."""
    written = RestJSONSerializer(operation).serialize(result or {})
    return Response(
        written["body"],
        _STATUSES.get(operation.name, written["status_code"]),
        headers=written["headers"],
        content_type="application/json",
    )


def answer_stream(operation: Any, events: Sequence[Mapping[str, Any]]) -> Response:
    """Return the response of an operation that answers with a stream of events."""
    written = RestJSONSerializer(operation).serialize({"EventStream": events})
    return Response(written["body"], written["status_code"], headers=written["headers"])


def _refuse_other_than_json(body: bytes) -> None:
    try:
        valid = not body or isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        valid = False
    if not valid:
        raise ApiError(
            "InvalidRequestContentException",
            "Could not parse request body into json: not an object",
        )
