"""Which operation a request asks for, and with which parameters: read with botocore's models, as moto reads it."""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import UnknownServiceError
from moto.core.request import determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound

# Botocore's names of what is signed for as one service, where they are not that name.
_SERVICES = {
    "apigateway": ("apigateway", "apigatewayv2"),
    "dynamodb": ("dynamodb", "dynamodbstreams"),
    "elasticloadbalancing": ("elbv2", "elb"),
    "monitoring": ("cloudwatch",),
    "ses": ("ses", "sesv2"),
    "states": ("stepfunctions",),
    "tagging": ("resourcegroupstaggingapi",),
}


@dataclass(frozen=True)
class ApiCall:
    """An operation of a service, both named as botocore names them, with the parameters as they were sent."""

    service: str
    operation: str
    parameters: Mapping[str, Any]


def services_of(signing_name: str) -> tuple[str, ...]:
    """Return botocore's names of the services that requests signed for this name may be for; the usual one first."""
    return _SERVICES.get(signing_name, (signing_name,))


def protocol_of(service: str, request: Any) -> str:
    """Return the protocol that the request speaks; json if botocore does not know the service or that protocol."""
    try:
        protocol: str = determine_request_protocol(get_service_model(service), request.content_type)
    except (UnknownServiceError, NotImplementedError):
        return "json"
    return protocol


def read(signing_name: str, request: Any) -> ApiCall | None:
    """Read the call that a request, werkzeug's, makes; None if it is no operation that botocore knows."""
    for service in services_of(signing_name):
        with contextlib.suppress(UnknownServiceError, NotFound, NotImplementedError):
            operation, in_path = get_service_router(service).match(request)
            parameters = {**_in_body(operation, request), **request.values.to_dict(), **in_path}
            return ApiCall(service, operation.name, parameters)
    return None


def _in_body(operation: Any, request: Any) -> dict[str, Any]:
    """Return the parameters in a JSON body; {} if it is something else, such as the event of Lambda's Invoke."""
    shape = operation.input_shape
    if shape is None or "payload" in shape.serialization:
        return {}
    try:
        body = json.loads(request.get_data() or b"{}")
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
