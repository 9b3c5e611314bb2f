"""moto 5.2.5's Cognito lets everyone in: any SRP proof signs in, and any code confirms an address.

It turns on password requirements that are left out, ignores ExplicitAuthFlows, PreventUserExistenceErrors and
CaseSensitive, never expires tokens, signs for all pools with one published key, forgets UsernameConfiguration on an
update (so that Terraform replaces the pool), and lacks ResendConfirmationCode, RevokeToken, GetTokensFromRefreshToken
and tags. Without this seam tests/integration/test_cognito.py fails.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from joserfc.jwk import KeySet
from moto.cognitoidp import models, responses, urls
from moto.cognitoidp.models import cognitoidp_backends
from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core.responses import ActionResult

from local_aws.cognito import accounts, sessions, validation
from local_aws.cognito.backend import Cognito, Parameters, Reply
from local_aws.cognito.pool import Pool
from local_aws.moto_backends import backends_in_use

# moto's name for the path of a pool's keys.
KEYS_PATH = r"{0}/(?P<user_pool_id>[^/]+)/.well-known/jwks.json$"
# The operations that need no credentials, named like moto's methods for them.
UNAUTHENTICATED = (
    accounts.sign_up,
    accounts.confirm_sign_up,
    accounts.resend_confirmation_code,
    accounts.forgot_password,
    accounts.confirm_forgot_password,
    sessions.initiate_auth,
    sessions.respond_to_auth_challenge,
    sessions.revoke_token,
    sessions.get_tokens_from_refresh_token,
)
# moto's methods for operations that need only an access token.
WITH_ACCESS_TOKEN = ("get_user", "change_password", "global_sign_out", "update_user_attributes")


def install() -> None:
    """Use `Pool` and `Cognito` as moto's pools and backends, and their operations."""
    models.CognitoIdpUserPool = Pool
    cognitoidp_backends.backend = Cognito
    cognitoidp_backends.clear()
    for operation in UNAUTHENTICATED:
        setattr(CognitoIdpResponse, operation.__name__, _answered_by(operation))
    for name in WITH_ACCESS_TOKEN:
        setattr(CognitoIdpResponse, name, _checked(name, getattr(CognitoIdpResponse, name)))
    for method in (admin_initiate_auth, tag_resource, untag_resource, list_tags_for_resource):
        setattr(CognitoIdpResponse, method.__name__, method)
    urls.url_paths[KEYS_PATH] = serve_json_web_key


def keys_of(issuer: str) -> KeySet | None:
    """Return the public keys of the pool with an issuer, in any account and region; None if there is none."""
    for pool in _pools():
        if pool.issuer == issuer:
            return KeySet([pool.json_web_key])
    return None


def admin_initiate_auth(response: CognitoIdpResponse) -> ActionResult:
    """Handle AdminInitiateAuth, whose requests are signed."""
    return ActionResult(sessions.admin_initiate_auth(response.backend, response.parameters))


def tag_resource(response: CognitoIdpResponse) -> ActionResult:
    """Handle TagResource, which moto lacks."""
    parameters = response.parameters
    _tags(response, parameters).update(parameters.get("Tags") or {})
    return ActionResult({})


def untag_resource(response: CognitoIdpResponse) -> ActionResult:
    """Handle UntagResource, which moto lacks."""
    parameters = response.parameters
    tags = _tags(response, parameters)
    for key in parameters.get("TagKeys") or []:
        tags.pop(key, None)
    return ActionResult({})


def list_tags_for_resource(response: CognitoIdpResponse) -> ActionResult:
    """Handle ListTagsForResource, which moto lacks."""
    return ActionResult({"Tags": _tags(response, response.parameters)})


def serve_json_web_key(_request: Any, url: str, _headers: Any) -> tuple[int, dict[str, str], bytes]:
    """Return the response with the public key of the pool in the path."""
    pool_id = url.split("/.well-known/")[0].rpartition("/")[2]
    keys = [pool.json_web_key.as_dict(private=False) for pool in _pools() if pool.id == pool_id]
    return 200, {"Content-Type": "application/json"}, json.dumps({"keys": keys}).encode()


def _answered_by(
    operation: Callable[[Cognito, Parameters], Reply],
) -> Callable[[CognitoIdpResponse], ActionResult]:
    def answer(response: CognitoIdpResponse) -> ActionResult:
        parameters = _parameters(operation.__name__, response)
        # The request is not signed, so only the client's id determines the account and region.
        account, region = responses.find_account_region_by_value(
            "client_id",
            parameters.get("ClientId"),
            fallback=(response.current_account, response.region),
        )
        return ActionResult(operation(cognitoidp_backends[account][region], parameters))

    return answer


def _checked(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    def answer(response: CognitoIdpResponse) -> Any:
        _parameters(name, response)
        return method(response)

    return answer


def _parameters(name: str, response: CognitoIdpResponse) -> dict[str, Any]:
    """Return the parameters of an operation, given the name of moto's method. Raises CognitoError."""
    try:
        given = response.parameters
    except ValueError:
        raise validation.serialization_error() from None
    return validation.checked(name.title().replace("_", ""), given)


def _tags(response: CognitoIdpResponse, parameters: Mapping[str, Any]) -> dict[str, str]:
    """Return the tags of a pool, as CreateUserPool stored them."""
    pool = response.backend.describe_user_pool(parameters["ResourceArn"].rpartition("/")[2])
    tags: dict[str, str] = pool.extended_config.setdefault("UserPoolTags", {})
    return tags


def _pools() -> list[Pool]:
    backends = backends_in_use(cognitoidp_backends)
    return [pool for backend in backends for pool in list(backend.user_pools.values())]
