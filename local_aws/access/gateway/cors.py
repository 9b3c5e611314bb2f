"""CORS headers, after "Configure CORS for HTTP APIs": the API's configuration overrides what functions return."""

from dataclasses import replace
from http import HTTPStatus

from local_aws.access.gateway.configuration import Cors
from local_aws.access.gateway.proxy_response import Answer, Headers
from local_aws.access.gateway.request import Request

ANYTHING = "*"
PREFIX = "access-control-"


def preflight(request: Request, cors: Cors | None) -> Answer | None:
    """Answer a browser's preflight request; None if CORS is not configured or the request is not a preflight."""
    asked = request.header("access-control-request-method")
    if cors is None or request.method != "OPTIONS" or not request.header("origin") or not asked:
        return None
    headers = _origin_headers(request, cors)
    if headers:
        headers += _listed("allow-methods", cors.allow_methods)
        headers += _listed("allow-headers", cors.allow_headers)
        if cors.max_age_s is not None:
            headers += ((f"{PREFIX}max-age", str(cors.max_age_s)),)
    return Answer(HTTPStatus.NO_CONTENT, headers)


def with_cors(answer: Answer, request: Request, cors: Cors | None) -> Answer:
    """Replace the CORS headers of an answer by those of the API's configuration, if it has one."""
    if cors is None:
        return answer
    kept = tuple(header for header in answer.headers if not header[0].startswith(PREFIX))
    headers = _origin_headers(request, cors)
    if headers:
        headers += _listed("expose-headers", cors.expose_headers)
    return replace(answer, headers=kept + headers)


def _origin_headers(request: Request, cors: Cors) -> Headers:
    origin = request.header("origin")
    if not origin or not _allows(cors, origin):
        return ()
    allowed = ANYTHING if ANYTHING in cors.allow_origins else origin
    headers: Headers = ((f"{PREFIX}allow-origin", allowed),)
    if cors.allow_credentials:
        headers += ((f"{PREFIX}allow-credentials", "true"),)
    return headers


def _allows(cors: Cors, origin: str) -> bool:
    scheme = origin.partition("://")[0]
    return bool({ANYTHING, origin, f"{scheme}://*"} & set(cors.allow_origins))


def _listed(name: str, values: tuple[str, ...]) -> Headers:
    return ((f"{PREFIX}{name}", ",".join(values)),) if values else ()
