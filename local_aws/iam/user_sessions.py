"""Sessions of a user, or of the account itself: what STS's GetSessionToken and GetFederationToken issue."""

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


# "Request temporary security credentials": what these sessions may call of IAM, without MFA, and of STS.
PLAIN_LIMIT = _document("sts:AssumeRole", "sts:GetCallerIdentity")
FEDERATED_LIMIT = _document("sts:GetCallerIdentity")


@dataclass(frozen=True)
class UserSession:
    """A session: whose it is (None: the account's), what a federated user is called in it, and what narrows it."""

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
        """Whether its time is over."""
        return bool(self.expiration <= utcnow())


def issue(
    iam: Any, user_name: str | None, seconds: int, **narrowed: Any
) -> tuple[str, UserSession]:
    """Issue a session of an account's IAM, moto's, that lasts so many seconds; return its key's id and the session.

    narrowed: the fields of a federated user's session.
    """
    key = iam.create_temp_access_key()
    issued = utcnow()
    session = UserSession(
        user_name,
        issued,
        issued + timedelta(seconds=seconds),
        key.secret_access_key,
        random_session_token(),
        **narrowed,
    )
    vars(iam).setdefault(_ATTRIBUTE, {})[key.access_key_id] = session
    return key.access_key_id, session


def find(iam: Any, access_key_id: str) -> UserSession | None:
    """Return the session of a key; None if it is none of these."""
    session: UserSession | None = vars(iam).get(_ATTRIBUTE, {}).get(access_key_id)
    return session
