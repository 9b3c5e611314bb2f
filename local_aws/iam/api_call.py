"""Which operation a request asks for, and with which parameters: read with botocore's models, as moto reads it."""

import contextlib
import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from botocore.exceptions import UnknownServiceError
from moto.core.parse import PROTOCOL_PARSERS, RequestParserError
from moto.core.request import determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound

# The services, as botocore names them, whose requests are signed for a name that is not theirs alone.
_SERVICES = {
    "apigateway": ("apigateway", "apigatewayv2"),
    "dynamodb": ("dynamodb", "dynamodbstreams"),
    "elasticloadbalancing": ("elbv2", "elb"),
    "monitoring": ("cloudwatch",),
    "ses": ("ses", "sesv2"),
    "states": ("stepfunctions",),
    "tagging": ("resourcegroupstaggingapi",),
}
# moto reads a query string before a body, and a body as a query string where there is none: so there always is one.
_NO_QUERY = "-"
# moto reads such a body, and the operation's name in it, whatever the protocol; AWS takes none but in a POST to S3.
_FORM_OF_PARTS = "multipart/form-data"


@dataclass(frozen=True)
class ApiCall:
    """An operation of a service, both named as botocore names them, with the parameters that the operation has.

    query_string holds what of the request's the operation has: nothing else may reach the services.
    """

    service: str
    operation: str
    parameters: Mapping[str, Any]
    query_string: str = field(default=_NO_QUERY, compare=False)
    headers: Mapping[str, str] = field(default_factory=dict, compare=False)
    protocol: str = field(default="json", compare=False)
    body: bytes = field(default=b"", compare=False, repr=False)


def services_of(signing_name: str) -> tuple[str, ...]:
    """Return botocore's names of the services that requests signed for this name may be for; the usual one first."""
    return _SERVICES.get(signing_name, (signing_name,))


def _services(signing_name: str, environ: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the services that a request may be for, distinguished by the address where moto does so."""
    path = environ["PATH_INFO"]
    if signing_name == "s3" and (
        path.startswith("/v20180820/") or "s3-control" in environ["HTTP_HOST"]
    ):
        return ("s3control",)
    if signing_name == "ses":
        return ("sesv2",) if path.startswith("/v2/") else ("ses",)
    return services_of(signing_name)


def protocol_of(service: str, request: Any) -> str:
    """Return the protocol that the request speaks; json if botocore does not know the service or that protocol."""
    try:
        protocol: str = determine_request_protocol(get_service_model(service), request.content_type)
    except (UnknownServiceError, NotImplementedError):
        return "json"
    return protocol


def read(signing_name: str, request: Any) -> ApiCall | None:
    """Read the call that a request, werkzeug's, makes; None if it is no operation that botocore knows.

    Parameters that cannot be read, such as those of a body that is not JSON, are left out.
    """
    if request.mimetype == _FORM_OF_PARTS and signing_name != "s3":
        return None
    for service in _services(signing_name, request.environ):
        with contextlib.suppress(UnknownServiceError, NotFound, NotImplementedError):
            operation, in_path = get_service_router(service).match(request)
            protocol = determine_request_protocol(get_service_model(service), request.content_type)
            if protocol in ("query", "ec2") and operation.name != _values(request).get("Action"):
                # Its query string names another one than its form, which counts.
                return None
            return ApiCall(
                service,
                operation.name,
                _parameters(operation, protocol, in_path, request),
                _query_string(operation, protocol, request),
                request.headers,
                protocol,
                request.get_data(),
            )
    return None


def _values(request: Any) -> Any:
    """Return the parameters of the query protocol: those of the form, if there is one."""
    return request.form or request.args


def _parameters(
    operation: Any, protocol: str, in_path: Mapping[str, Any], request: Any
) -> dict[str, Any]:
    if protocol == "json":
        return _in_json(operation, request.get_data())
    try:
        parsed: dict[str, Any] | None = PROTOCOL_PARSERS[protocol](operation).parse(
            {
                "method": request.method,
                "values": _values(request),
                "headers": request.headers,
                "body": request.get_data(),
                "url_path": request.path,
                "url_params": dict(in_path),
            }
        )
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return {}
    except RequestParserError:
        return {}
    return {name: value for name, value in (parsed or {}).items() if value is not None}


def _in_json(operation: Any, body: bytes) -> dict[str, Any]:
    """Read the parameters in a JSON body, without what they hold: that is for the service to check."""
    try:
        sent = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(sent, dict):
        return {}
    return {
        name: sent[key]
        for name, key in _json_names(operation.service_model.service_name, operation.name)
        if sent.get(key) is not None
    }


@functools.cache
def _json_names(service: str, operation: str) -> tuple[tuple[str, str], ...]:
    """Return botocore's name of each of an operation's parameters, and its name in JSON."""
    members = _members(get_service_model(service).operation_model(operation))
    return tuple((name, member.serialization.get("name", name)) for name, member in members.items())


def _query_string(operation: Any, protocol: str, request: Any) -> str:
    """Return what of the query string the operation has: AWS ignores the rest, moto does not."""
    received = request.query_string.decode("latin-1")
    if protocol == "json" or (protocol in ("query", "ec2") and request.form):
        return _NO_QUERY
    if protocol in ("query", "ec2"):
        return str(received)
    known = {"x-id", *_query_names(operation)}
    every = "querystring" in _locations(operation) and _has_query_map(operation)
    kept = [
        (name, value)
        for name, value in parse_qsl(received, keep_blank_values=True)
        if name in known or name.lower().startswith("x-amz-") or (every and name != "Action")
    ]
    return urlencode(kept) or _NO_QUERY


def _members(operation: Any) -> Mapping[str, Any]:
    shape = operation.input_shape
    members: Mapping[str, Any] = shape.members if shape is not None else {}
    return members


def _locations(operation: Any) -> set[str | None]:
    return {member.serialization.get("location") for member in _members(operation).values()}


def _has_query_map(operation: Any) -> bool:
    return any(
        member.type_name == "map" and member.serialization.get("location") == "querystring"
        for member in _members(operation).values()
    )


def _query_names(operation: Any) -> set[str]:
    """Return the names that the operation has in its query string: its parameters', and those of its path, as ?acl."""
    names = {
        member.serialization.get("name", name)
        for name, member in _members(operation).items()
        if member.serialization.get("location") == "querystring"
    }
    in_path = operation.http.get("requestUri", "").partition("?")[2]
    return names | {name for name, _ in parse_qsl(in_path, keep_blank_values=True)}
