"""WSGI middleware that stands before the services: it refuses what IAM would refuse."""

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from moto.core.request import Request

from local_aws.iam import api_call, signature
from local_aws.iam.api_call import ApiCall
from local_aws.iam.authorization import LOOPBACK, denial
from local_aws.iam.principals import AccessKey, find_key
from local_aws.iam.refusals import Cause, Refusal, answer
from local_aws.iam.signature import Claim

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

UNKNOWN = Refusal(
    Cause.UNKNOWN_CREDENTIALS, "The security token included in the request is invalid."
)
EXPIRED = Refusal(
    Cause.EXPIRED_CREDENTIALS, "The security token included in the request is expired"
)
PRESIGNED = Refusal(
    Cause.ACCESS_DENIED,
    "The local AWS does not check presigned requests: sign with an Authorization header.",
)
NO_OPERATION = Refusal(Cause.ACCESS_DENIED, "The local AWS cannot tell what operation this is.")


class Enforcement:
    """Lets a request through to `services` if the policies of the role or the user that signed it allow it.

    A key that neither IAM nor STS gave out is let through unchecked, unless it looks like a session's.
    """

    def __init__(self, services: "WSGIApplication") -> None:
        self._services = services

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request."""
        claim = signature.read(environ)
        key = find_key(claim.access_key_id) if claim else None
        if claim is None or (key is None and not _looks_temporary(claim)):
            return self._services(environ, start_response)
        request = Request(environ)
        body = request.get_data()
        decided = _decide(claim, key, request)
        if isinstance(decided, Refusal):
            service = api_call.services_of(claim.service)[0]
            protocol = api_call.protocol_of(service, request)
            return answer(decided, service, protocol)(environ, start_response)
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ["QUERY_STRING"] = decided.query_string
        return self._services(environ, start_response)


def _looks_temporary(claim: Claim) -> bool:
    return claim.access_key_id.startswith("ASIA") or claim.session_token is not None


def _decide(claim: Claim, key: AccessKey | None, request: Any) -> Refusal | ApiCall:
    """Return the call that the request makes, if it may, or why it is refused."""
    if claim.presigned:
        return PRESIGNED
    if key is None or not key.active or key.session_token != claim.session_token:
        return UNKNOWN
    if key.expired:
        return EXPIRED
    if fault := signature.fault(claim, key.secret, request):
        return Refusal(Cause.WRONG_SIGNATURE, fault)
    call = api_call.read(claim.service, request)
    if call is None:
        return NO_OPERATION
    source_ip = request.remote_addr or LOOPBACK
    if sentence := denial(key.principal, call, claim.region, source_ip):
        return Refusal(Cause.ACCESS_DENIED, sentence)
    return call
