"""Reads the operation and the parameters of a request with botocore's models, in the way that moto does."""

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

from local_aws.iam.operations import operation_of, parameters_of

# Botocore's names of the services whose requests are signed for another or a shared name.
_SERVICES = {
    "apigateway": ("apigateway", "apigatewayv2"),
    "dynamodb": ("dynamodb", "dynamodbstreams"),
    "elasticloadbalancing": ("elbv2", "elb"),
    "monitoring": ("cloudwatch",),
    "ses": ("ses", "sesv2"),
    "states": ("stepfunctions",),
    "tagging": ("resourcegroupstaggingapi",),
}
# moto reads the body as a query string if there is no query string, so every request has one.
_NO_QUERY = "-"
# moto reads such a body in every protocol, even for the operation's name; AWS accepts it only in a POST to S3.
_FORM_OF_PARTS = "multipart/form-data"


@dataclass(frozen=True)
class ApiCall:
    """An operation of a service, by botocore's names, with those parameters of the request that the operation has.

    `query_string` likewise has only parameters of the operation: nothing else may reach the services.
    """

    service: str
    operation: str
    parameters: Mapping[str, Any]
    query_string: str = field(default=_NO_QUERY, compare=False)
    headers: Mapping[str, str] = field(default_factory=dict, compare=False)
    protocol: str = field(default="json", compare=False)
    body: bytes = field(default=b"", compare=False, repr=False)


def services_of(signing_name: str) -> tuple[str, ...]:
    """Return botocore's names of the services that share this signing name, the most common one first."""
    return _SERVICES.get(signing_name, (signing_name,))


def _services(signing_name: str, environ: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the services that a request may be for, by its address where moto distinguishes them by that."""
    path = environ["PATH_INFO"]
    if signing_name == "s3" and (
        path.startswith("/v20180820/") or "s3-control" in environ["HTTP_HOST"]
    ):
        return ("s3control",)
    if signing_name == "ses":
        return ("sesv2",) if path.startswith("/v2/") else ("ses",)
    return services_of(signing_name)


def protocol_of(service: str, request: Any) -> str:
    """Return the protocol of a request; json if botocore does not know the service or the protocol."""
    try:
        protocol: str = determine_request_protocol(get_service_model(service), request.content_type)
    except (UnknownServiceError, NotImplementedError):
        return "json"
    return protocol


def read(signing_name: str, request: Any) -> ApiCall | None:
    """Return the call that a request of werkzeug's makes; None if botocore does not know the operation.

    Parameters that cannot be read are left out, such as those in a body that is not JSON.
    """
    if request.mimetype == _FORM_OF_PARTS and signing_name != "s3":
        return None
    for service in _services(signing_name, request.environ):
        with contextlib.suppress(UnknownServiceError, NotFound, NotImplementedError):
            operation, in_path = get_service_router(service).match(request)
            protocol = determine_request_protocol(get_service_model(service), request.content_type)
            if protocol in ("query", "ec2") and operation.name != _values(request).get("Action"):
                # The form, which counts, names another operation than the query string.
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
    """Return the parameters of the query protocol: those in the form, or in the query string if there is no form."""
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
    """Return the parameters in a JSON body; their members are for the service to check."""
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
    """Return the names of an operation's parameters, each as botocore has it and as JSON has it."""
    members = parameters_of(operation_of(service, operation))
    return tuple((name, member.serialization.get("name", name)) for name, member in members.items())


def _query_string(operation: Any, protocol: str, request: Any) -> str:
    """Return the parameters in the query string that the operation has: AWS ignores others, but moto does not."""
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


def _locations(operation: Any) -> set[str | None]:
    return {member.serialization.get("location") for member in parameters_of(operation).values()}


def _has_query_map(operation: Any) -> bool:
    return any(
        member.type_name == "map" and member.serialization.get("location") == "querystring"
        for member in parameters_of(operation).values()
    )


def _query_names(operation: Any) -> set[str]:
    """Return the names that an operation has in its query string: of parameters, and in its path, such as ?acl."""
    names = {
        member.serialization.get("name", name)
        for name, member in parameters_of(operation).items()
        if member.serialization.get("location") == "querystring"
    }
    in_path = operation.http.get("requestUri", "").partition("?")[2]
    return names | {name for name, _ in parse_qsl(in_path, keep_blank_values=True)}
