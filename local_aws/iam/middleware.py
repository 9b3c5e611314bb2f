"""WSGI middleware in front of the services that refuses the requests that IAM would refuse."""

import hmac
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from moto.core.request import Request
from moto.iam.models import get_account_id_from

from local_aws.client_environment import CREDENTIALS
from local_aws.iam import api_call, request_bodies, signature, signature_v2, unsigned
from local_aws.iam.api_call import ApiCall
from local_aws.iam.authorization import denial, protection
from local_aws.iam.principals import AccessKey, find_key
from local_aws.iam.refusals import Cause, Refusal, answer
from local_aws.iam.signature import Claim
from local_aws.loopback import LOOPBACK

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ADMINISTRATOR = CREDENTIALS["AWS_ACCESS_KEY_ID"]
MISSING = Refusal(Cause.NOT_SIGNED, "Missing Authentication Token")
INCOMPLETE = Refusal(
    Cause.INCOMPLETE_SIGNATURE,
    "Authorization header requires 'Credential', 'SignedHeaders', 'Signature' and a date of the same day.",
)
UNKNOWN = Refusal(
    Cause.UNKNOWN_CREDENTIALS, "The security token included in the request is invalid."
)
EXPIRED = Refusal(
    Cause.EXPIRED_CREDENTIALS, "The security token included in the request is expired"
)
PRESIGNED = Refusal(
    Cause.ACCESS_DENIED,
    "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters, or those of version 4.",
)
NO_OPERATION = Refusal(Cause.ACCESS_DENIED, "The local AWS cannot tell what operation this is.")
# moto's own APIs: to reset its state, and for the metadata of an instance.
_MOTOS_OWN = ("/moto-api", "/latest/")


class Enforcement:
    """Passes a request to `services` if the policies of the role or user that signed it allow it.

    The administrator's key may do everything; all other keys are issued by IAM or STS.
    """

    def __init__(self, services: "WSGIApplication") -> None:
        self._services = services

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        body = request.get_data()
        claim = signature.read(environ) or signature_v2.read(environ)
        decided = _decide(claim, request) if claim else _unsigned(request)
        if isinstance(decided, Refusal):
            service = api_call.services_of(claim.service)[0] if claim else _service(request)
            protocol = api_call.protocol_of(service, request)
            return answer(decided, service, protocol)(environ, start_response)
        # moto would take the account from it.
        environ.pop("HTTP_X_MOTO_ACCOUNT_ID", None)
        if claim is None:
            # It is not a signature, but moto would read it as one.
            environ.pop("HTTP_AUTHORIZATION", None)
        if decided:
            body = decided.body
            _keep_only(decided, environ)
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        if claim and claim.presigned and claim.complete:
            environ["HTTP_AUTHORIZATION"] = signature.header(claim)
        return self._services(environ, start_response)


def _keep_only(call: ApiCall, environ: "WSGIEnvironment") -> None:
    """Remove everything that moto might read as another operation: it looks for one in more places than AWS does."""
    environ["QUERY_STRING"] = call.query_string
    if call.protocol != "json":
        environ.pop("HTTP_X_AMZ_TARGET", None)
    if call.service == "s3" and environ["REQUEST_METHOD"] in ("GET", "HEAD"):
        # A body that is a form would take precedence over the query string.
        environ.pop("CONTENT_TYPE", None)


def _decide(claim: Claim, request: Any) -> Refusal | ApiCall | None:
    """Return the permitted call that a request makes, or why it is refused; None for the administrator."""
    key = verified(claim, request)
    if key is None or isinstance(key, Refusal):
        return key
    if request.path.startswith(_MOTOS_OWN):
        return NO_OPERATION
    unpacked = request_bodies.unpacked(claim.service, request)
    call = api_call.read(claim.service, unpacked) if unpacked else None
    if call is None:
        return NO_OPERATION
    source_ip = request.remote_addr or LOOPBACK
    if sentence := denial(key.principal, call, claim.region, source_ip):
        return Refusal(Cause.ACCESS_DENIED, sentence)
    return call


def verified(claim: Claim, request: Any) -> AccessKey | Refusal | None:
    """Return the key that signed a request of moto's, None for the administrator's, or why the signature is refused."""
    if claim.access_key_id == ADMINISTRATOR:
        return _administrator(claim, request)
    key = find_key(claim.access_key_id)
    if key is None:
        return UNKNOWN
    if not claim.complete:
        return PRESIGNED if claim.presigned else INCOMPLETE
    if not key.active or not _has_token(claim, key):
        return UNKNOWN
    if key.expired:
        return EXPIRED
    if fault := _fault(claim, key.secret, request):
        return Refusal(Cause.WRONG_SIGNATURE, fault)
    return key


def _fault(claim: Claim, secret: str, request: Any) -> str | None:
    if claim.version == signature_v2.VERSION:
        return signature_v2.fault(claim, secret, request)
    return signature.fault(claim, secret, request)


def _administrator(claim: Claim, request: Any) -> Refusal | None:
    if claim.session_token is not None:
        return UNKNOWN
    if not claim.complete:
        return PRESIGNED if claim.presigned else INCOMPLETE
    if fault := _fault(claim, CREDENTIALS["AWS_SECRET_ACCESS_KEY"], request):
        return Refusal(Cause.WRONG_SIGNATURE, fault)
    if claim.service in ("iam", "kms") and (call := api_call.read(claim.service, request)):
        sentence = protection(call, claim.region, get_account_id_from(claim.access_key_id))
        return Refusal(Cause.ACCESS_DENIED, sentence) if sentence else None
    return None


def _has_token(claim: Claim, key: AccessKey) -> bool:
    expected, received = key.session_token, claim.session_token
    if expected is None or received is None:
        return expected is received
    return hmac.compare_digest(expected, received)


def _unsigned(request: Any) -> Refusal | ApiCall | None:
    """Return the call of a request that needs no signature, or a refusal; None if it is for a public document."""
    if unsigned.is_public_document(request):
        return None
    return unsigned.call(request) or MISSING


def _service(request: Any) -> str:
    """Return the service whose format the refusal of an unsigned request has."""
    if "X-Amz-Target" in request.headers:
        return "dynamodb"
    return "sts" if request.form else "lambda"
