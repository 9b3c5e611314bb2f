"""The operations of AWS's services and their parameters, from the models that botocore ships."""

from collections.abc import Mapping
from typing import Any

from moto.core.utils import get_service_model


def operation_of(service: str, name: str) -> Any:
    """Return botocore's model of an operation, given botocore's name of the service."""
    return get_service_model(service).operation_model(name)


def parameters_of(operation: Any) -> Mapping[str, Any]:
    """Return the shapes of an operation's parameters by their names; empty if it has none."""
    shape = operation.input_shape
    members: Mapping[str, Any] = shape.members if shape is not None else {}
    return members
