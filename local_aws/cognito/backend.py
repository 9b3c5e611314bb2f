"""Cognito of one account and region: moto's backend, and what sign-up and sign-in remember beside it."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.cognitoidp import urls
from moto.cognitoidp.models import CognitoIdpBackend
from moto.cognitoidp.utils import check_secret_hash

from local_aws.cognito import srp
from local_aws.cognito.codes import Codes
from local_aws.cognito.errors import CognitoError, not_authorized
from local_aws.cognito.lockout import Lockout
from local_aws.cognito.pool import Pool

# The members of a request, and of its answer.
Parameters = Mapping[str, Any]
Reply = dict[str, Any]


@dataclass(frozen=True)
class SrpSession:
    """A PASSWORD_VERIFIER challenge that waits for its proof since `begun`, on the monotonic clock.

    `user` is None for a name that nobody has.
    """

    pool: Pool
    client_id: str
    user: Any
    user_name: str
    challenge: srp.Challenge
    identity: srp.Identity
    begun: float


class Cognito(CognitoIdpBackend):  # type: ignore[misc] # moto is untyped under --strict
    """Codes, failures and challenges of the pools that moto keeps."""

    _url_module = urls  # moto would look for it beside this file

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.codes = Codes()
        self.lockout = Lockout()
        self.sign_up_lock = threading.Lock()
        self.srp_sessions: dict[str, SrpSession] = {}

    def pool_and_client(self, parameters: Parameters) -> tuple[Pool, Any]:
        """Return the pool and the client that a request is for. Raises CognitoError."""
        client_id = parameters.get("ClientId")
        for pool in self.user_pools.values():
            if client_id in pool.clients:
                return pool, pool.clients[client_id]
        raise CognitoError(
            "ResourceNotFoundException", f"User pool client {client_id} does not exist."
        )

    def check_secret_hash(self, client: Any, name: str, given: str | None) -> None:
        """Check the hash that a client with a secret must send. Raises CognitoError."""
        if client.generate_secret and not (
            given and check_secret_hash(client.secret, client.id, name, given)
        ):
            raise not_authorized(f"Unable to verify secret hash for client {client.id}")

    def check_client_secret(self, client: Any, given: str | None) -> None:
        """Check the secret of a client that has one. Raises CognitoError."""
        if client.generate_secret and given != client.secret:
            raise not_authorized("Client secret does not match")


def hides_users(client: Any) -> bool:
    """Whether a client must not learn from errors who has an account."""
    return bool(client.extended_config.get("PreventUserExistenceErrors") == "ENABLED")
