"""Sessions of a user or of the account itself, which GetSessionToken and GetFederationToken issue."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from moto.core.utils import utcnow
from moto.sts.utils import random_session_token

_ATTRIBUTE = "user_sessions"


def _document(*sts_actions: str) -> str:
    statements = [
        {"Effect": "Allow", "NotAction": ["iam:*", "sts:*"], "Resource": "*"},
        {"Effect": "Allow", "Action": sts_actions, "Resource": "*"},
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


# "Request temporary security credentials": what these sessions may call, without MFA, in IAM and STS.
PLAIN_LIMIT = _document("sts:AssumeRole", "sts:GetCallerIdentity")
FEDERATED_LIMIT = _document("sts:GetCallerIdentity")


@dataclass(frozen=True)
class UserSession:
    """A session of a user, or of the account if `user_name` is None.

    That of a federated user has a name, and its permissions are limited by session policies: `documents` and managed
    ones.
    """

    user_name: str | None
    issued: datetime
    expiration: datetime
    secret: str = field(repr=False)
    token: str = field(repr=False)
    federated_name: str | None = None
    documents: tuple[str, ...] = ()
    policy_arns: tuple[str, ...] = ()

    @property
    def expired(self) -> bool:
        """Whether it has expired."""
        return bool(self.expiration <= utcnow())


def issue(
    iam: Any,
    user_name: str | None,
    seconds: int,
    federated_name: str | None = None,
    documents: tuple[str, ...] = (),
    policy_arns: tuple[str, ...] = (),
) -> tuple[str, UserSession]:
    """Issue a session that lasts this many seconds in moto's IAM of an account; returns its key's id and the session.

    The other arguments are as in UserSession.
    """
    key = iam.create_temp_access_key()
    issued = utcnow()
    session = UserSession(
        user_name,
        issued,
        issued + timedelta(seconds=seconds),
        key.secret_access_key,
        random_session_token(),
        federated_name,
        documents,
        policy_arns,
    )
    vars(iam).setdefault(_ATTRIBUTE, {})[key.access_key_id] = session
    return key.access_key_id, session


def find(iam: Any, access_key_id: str) -> UserSession | None:
    """Return the session of a key; None if the key does not belong to such a session."""
    session: UserSession | None = vars(iam).get(_ATTRIBUTE, {}).get(access_key_id)
    return session
