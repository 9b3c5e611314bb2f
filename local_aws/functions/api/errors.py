"""Lambda's errors, in the form that its service model defines."""

import json
from http import HTTPStatus
from typing import Any

from moto.core.utils import get_service_model
from werkzeug.wrappers import Response

# Errors that all AWS services have and no service model lists: the status, and the message's name in the body.
_COMMON = {
    "AccessDeniedException": (403, "Message"),
    "RequestEntityTooLargeException": (413, "message"),
    "SerializationException": (400, "message"),
    "UnknownOperationException": (400, "message"),
    "ValidationException": (400, "message"),
}


class ApiError(Exception):
    """An error of Lambda's API: its code, its message, and other members of its body, such as `Reason`."""

    def __init__(self, code: str, message: str, **members: str) -> None:
        super().__init__(message)
        self.code = code
        self._members = members

    def response(self) -> Response:
        """Return the response, with the code in a header and the rest as JSON."""
        status, body = self._common() if self.code in _COMMON else self._modelled()
        response = Response(json.dumps(body), status, content_type="application/json")
        response.headers["x-amzn-errortype"] = self.code
        return response

    def _common(self) -> tuple[int, dict[str, Any]]:
        status, name = _COMMON[self.code]
        return status, {name: str(self) or None}

    def _modelled(self) -> tuple[int, dict[str, Any]]:
        shape = get_service_model("lambda").shape_for(self.code)
        status: int = shape.metadata["error"]["httpStatusCode"]
        name = next(name for name in shape.members if name.lower() == "message")
        kind = "User" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "Service"
        return status, {"Type": kind, name: str(self), **self._members}


def invalid_parameter(message: str) -> ApiError:
    """Return the error for a parameter with a valid form and an invalid value."""
    return ApiError("InvalidParameterValueException", message)


def not_found(message: str) -> ApiError:
    """Return the error for something that does not exist."""
    return ApiError("ResourceNotFoundException", message)


def no_such_resource() -> ApiError:
    """Return the error for something that does not exist, of operations whose message does not name it."""
    return not_found("The resource you requested does not exist.")


def conflict(message: str) -> ApiError:
    """Return the error for something that already exists, or is being changed."""
    return ApiError("ResourceConflictException", message)


def stale_revision(operation: str = "GetFunction/GetAlias") -> ApiError:
    """Return the error for a RevisionId that is not the current one."""
    return ApiError(
        "PreconditionFailedException",
        "The Revision Id provided does not match the latest Revision Id. "
        f"Call the {operation} API to retrieve the latest Revision Id",
    )


def unknown_operation(operation: str) -> ApiError:
    """Return the error for an operation that the local AWS does not support; clients do not retry it."""
    return ApiError(
        "UnknownOperationException", f"The local AWS does not offer lambda:{operation}."
    )


def not_offered(what: str) -> ApiError:
    """Return the error for parameters that need a part of Lambda that the local AWS does not support."""
    return invalid_parameter(f"The local AWS does not offer {what}.")
