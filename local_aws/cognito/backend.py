"""Cognito of one account and region: moto's backend with the state of sign-ups and sign-ins."""

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.cognitoidp import urls
from moto.cognitoidp.models import CognitoIdpBackend

from local_aws.cognito import passwords, srp, usernames
from local_aws.cognito.codes import Codes
from local_aws.cognito.errors import CognitoError, invalid_parameter
from local_aws.cognito.lockout import Lockout
from local_aws.cognito.pool import Pool

# The members of a request, and of its answer.
Parameters = Mapping[str, Any]
Reply = dict[str, Any]


@dataclass(frozen=True)
class SrpSession:
    """A PASSWORD_VERIFIER challenge that was sent at `begun`, on the monotonic clock.

    `user` is None if no user has this name.
    """

    pool: Pool
    client_id: str
    user: Any
    user_name: str
    challenge: srp.Challenge
    identity: srp.Identity
    begun: float


class Cognito(CognitoIdpBackend):  # type: ignore[misc] # moto is untyped under --strict
    """moto's backend, with codes, failed attempts and challenges."""

    # Otherwise moto would look for this module beside this file.
    _url_module = urls

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.codes = Codes()
        self.lockout = Lockout()
        self.sign_up_lock = threading.Lock()
        self.srp_sessions: dict[str, SrpSession] = {}

    def pool_and_client(self, parameters: Parameters) -> tuple[Pool, Any]:
        """Return the pool and the client of a request. Raises CognitoError, also if its user name is not valid."""
        if (name := parameters.get("Username")) is not None:
            usernames.check(str(name))
        client_id = parameters.get("ClientId")
        for pool in self.user_pools.values():
            if client_id in pool.clients:
                return pool, pool.clients[client_id]
        raise CognitoError(
            "ResourceNotFoundException", f"User pool client {client_id} does not exist."
        )

    def delete_user_pool(self, user_pool_id: str) -> None:
        """Handle DeleteUserPool, which fails while the pool is protected ("User pool deletion protection")."""
        pool = self.describe_user_pool(user_pool_id)
        if pool.extended_config.get("DeletionProtection") == "ACTIVE":
            raise invalid_parameter(
                "The user pool cannot be deleted because deletion protection is activated. "
                "Deletion protection must be inactivated first."
            )
        super().delete_user_pool(user_pool_id)

    def admin_create_user(
        self,
        user_pool_id: str,
        username: str,
        message_action: str,
        temporary_password: str | None,
        attributes: list[dict[str, str]],
    ) -> Any:
        """Handle AdminCreateUser: a given temporary password must conform to the policy, else one is generated."""
        usernames.check(username)
        if temporary_password is not None:
            self._validate_password(user_pool_id, temporary_password)
        password = temporary_password or secrets.token_urlsafe()
        with self.sign_up_lock:
            return super().admin_create_user(
                user_pool_id, username, message_action, password, attributes
            )

    def _validate_password(self, user_pool_id: str, password: str) -> None:
        """Check a password wherever moto takes one: AdminSetUserPassword, ChangePassword, NEW_PASSWORD_REQUIRED."""
        passwords.check(password, self.describe_user_pool(user_pool_id).password_policy)
