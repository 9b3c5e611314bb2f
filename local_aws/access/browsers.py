"""Which requests web pages may send: Cognito's operations that need no credentials, from pages on this machine.

Cognito itself allows every origin.
"""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from moto.core.utils import get_service_model

from local_aws.loopback import is_local_host

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Headers = list[tuple[str, str]]
# The beginning of X-Amz-Target.
COGNITO = "AWSCognitoIdentityProviderService."
ALLOW_ORIGIN = ("Access-Control-Allow-Origin", "*")
PREFLIGHT: Headers = [
    ALLOW_ORIGIN,
    ("Access-Control-Allow-Methods", "POST"),
    ("Access-Control-Allow-Headers", "content-type,x-amz-target,x-amz-user-agent,cache-control"),
    ("Access-Control-Expose-Headers", "x-amzn-requestid,x-amzn-errortype,x-amzn-errormessage"),
    ("Access-Control-Max-Age", "172800"),
]


def is_from_browser(environ: "WSGIEnvironment") -> bool:
    """Whether a page sends the request across origins: browsers add headers then, AWS SDKs and Terraform do not."""
    return "HTTP_ORIGIN" in environ or environ.get("HTTP_SEC_FETCH_SITE", "none") != "none"


def is_preflight(environ: "WSGIEnvironment") -> bool:
    """Whether it is the preflight request of a page on this machine."""
    return environ["REQUEST_METHOD"] == "OPTIONS" and _from_local_page(environ)


def is_open_to_pages(environ: "WSGIEnvironment") -> bool:
    """Whether it is a request that a page on this machine may send."""
    target: str = environ.get("HTTP_X_AMZ_TARGET", "")
    if environ["REQUEST_METHOD"] != "POST" or not target.startswith(COGNITO):
        return False
    return _from_local_page(environ) and _needs_no_credentials(target.removeprefix(COGNITO))


def _from_local_page(environ: "WSGIEnvironment") -> bool:
    return is_local_host(urlsplit(environ.get("HTTP_ORIGIN", "")).netloc)


def _needs_no_credentials(operation: str) -> bool:
    model = get_service_model("cognito-idp")
    return (
        operation in model.operation_names and model.operation_model(operation).auth_type == "none"
    )
