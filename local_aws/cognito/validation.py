"""Checks the parameters of requests against Cognito's service model: missing ones, empty ones, and wrong types."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

from local_aws.cognito.errors import CognitoError, invalid_parameter


def checked(operation: str, parameters: object) -> dict[str, Any]:
    """Return the parameters of an operation, such as `SignUp`, without nulls. Raises CognitoError."""
    if not isinstance(parameters, Mapping):
        raise serialization_error()
    given = {name: value for name, value in parameters.items() if value is not None}
    shape: Any = _model().operation_model(operation).input_shape
    for reason, place, details in ParamValidator().validate(given, shape)._errors:
        if reason == "unknown field":
            # AWS ignores parameters that its model does not have.
            continue
        if reason == "missing required field":
            missing = f"{place.removeprefix('.')}.{details['required_name']}".removeprefix(".")
            raise _violation(f"Value null at '{_lower(missing)}'", "not be null")
        if reason != "invalid length":
            raise serialization_error()
        at_least = f"have length greater than or equal to {details['min_allowed']}"
        raise _violation(f"Value at '{_lower(place.removeprefix('.'))}'", at_least)
    return given


def serialization_error() -> CognitoError:
    """Return the error of a request that is not JSON, or has parameters of wrong types."""
    return CognitoError("SerializationException", "The request cannot be read.")


def _violation(value: str, constraint: str) -> CognitoError:
    return invalid_parameter(
        f"1 validation error detected: {value} failed to satisfy constraint: Member must {constraint}"
    )


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


@cache
def _model() -> ServiceModel:
    return ServiceModel(Loader().load_service_model("cognito-idp", "service-2"))
