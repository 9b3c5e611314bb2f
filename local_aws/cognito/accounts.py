"""Accounts: sign-up, codes that prove an address, and forgotten passwords."""

from collections.abc import Iterable, Mapping
from typing import Any

from moto.cognitoidp.models import CognitoIdpUser, UserStatus

from local_aws.cognito import codes, mail, passwords
from local_aws.cognito.backend import Cognito, Parameters, Reply
from local_aws.cognito.clients import hides_users, require_secret_hash
from local_aws.cognito.codes import Purpose
from local_aws.cognito.errors import (
    CognitoError,
    invalid_parameter,
    not_authorized,
    user_not_found,
)
from local_aws.cognito.pool import Pool

_NO_SUCH_USER = "Username/client id combination not found."
_MAILS = {
    Purpose.SIGN_UP: "your confirmation code is",
    Purpose.RESET: "your password reset code is",
}


def sign_up(cognito: Cognito, parameters: Parameters) -> Reply:
    """Handle SignUp: create a user, who must confirm an address that the pool verifies."""
    pool, _, name = _requested(cognito, parameters)
    # It is optional in the model, for pools without passwords, which are not supported here.
    password = str(parameters.get("Password", ""))
    passwords.check(password, pool.password_policy)
    attributes = parameters.get("UserAttributes") or []
    _check_attributes(attributes)
    with cognito.sign_up_lock:
        if pool._get_user(name) is not None:
            raise CognitoError("UsernameExistsException", "User already exists")
        user = _new_user(pool, name, password, attributes)
    reply: Reply = {"UserConfirmed": False, "UserSub": user.id}
    if delivery := _send_code(cognito, pool, user, Purpose.SIGN_UP):
        reply["CodeDeliveryDetails"] = delivery
    return reply


def confirm_sign_up(cognito: Cognito, parameters: Parameters) -> Reply:
    """Handle ConfirmSignUp: the code must be the one that was sent."""
    pool, user = _existing_user(cognito, parameters)
    if user.status is not UserStatus.UNCONFIRMED:
        status = f"User cannot be confirmed. Current status is {user.status.value}"
        raise not_authorized(status)
    _redeem(cognito, pool, user, Purpose.SIGN_UP, str(parameters["ConfirmationCode"]))
    user.status = UserStatus.CONFIRMED
    if _verifies_email(pool):
        user.update_attributes([{"Name": "email_verified", "Value": "true"}])
    return {}


def resend_confirmation_code(cognito: Cognito, parameters: Parameters) -> Reply:
    """Handle ResendConfirmationCode: send a new code, which replaces the last one."""
    pool, client, name = _requested(cognito, parameters)
    user = pool._get_user(name)
    if user is None:
        if hides_users(client):
            return {"CodeDeliveryDetails": _made_up_delivery(name)}
        raise user_not_found(_NO_SUCH_USER)
    if user.status is not UserStatus.UNCONFIRMED:
        raise invalid_parameter("User is already confirmed.")
    delivery = _send_code(cognito, pool, user, Purpose.SIGN_UP)
    return {"CodeDeliveryDetails": delivery or {}}


def forgot_password(cognito: Cognito, parameters: Parameters) -> Reply:
    """Handle ForgotPassword: send a code to a verified address."""
    pool, client, name = _requested(cognito, parameters)
    user = pool._get_user(name)
    if hides_users(client) and not _can_recover(user):
        return {"CodeDeliveryDetails": _made_up_delivery(name)}
    if user is None:
        raise user_not_found(_NO_SUCH_USER)
    if not _can_recover(user):
        raise invalid_parameter(
            "Cannot reset password for the user as there is no registered/verified email or phone_number"
        )
    delivery = _send_code(cognito, pool, user, Purpose.RESET)
    return {"CodeDeliveryDetails": delivery or {}}


def confirm_forgot_password(cognito: Cognito, parameters: Parameters) -> Reply:
    """Handle ConfirmForgotPassword: set a new password if the code is right."""
    pool, user = _existing_user(cognito, parameters)
    passwords.check(str(parameters["Password"]), pool.password_policy)
    _redeem(cognito, pool, user, Purpose.RESET, str(parameters["ConfirmationCode"]))
    user.password = parameters["Password"]
    user.status = UserStatus.CONFIRMED
    cognito.lockout.succeeded(user.id)
    return {}


def _can_recover(user: Any) -> bool:
    """Whether a user can get a code to reset the password: "Managing user existence error responses"."""
    verified = user is not None and user.attribute_lookup.get("email_verified") == "true"
    return bool(verified and user.enabled)


def _send_code(cognito: Cognito, pool: Pool, user: Any, purpose: Purpose) -> Reply | None:
    """Mail a code to the user's address, if the pool verifies addresses; returns CodeDeliveryDetails."""
    address = user.attribute_lookup.get("email")
    if not address or not _verifies_email(pool):
        return None
    code = cognito.codes.issue((pool.id, user.id, purpose), purpose.value)
    mail.send(address, f"{_MAILS[purpose]} {code}")
    return _delivery(address)


def _verifies_email(pool: Pool) -> bool:
    return "email" in pool.extended_config.get("AutoVerifiedAttributes", [])


def _redeem(cognito: Cognito, pool: Pool, user: Any, purpose: Purpose, code: str) -> None:
    try:
        cognito.codes.redeem((pool.id, user.id, purpose), code)
    except codes.WrongCodeError:
        raise _wrong_code() from None
    except codes.ExpiredCodeError:
        raise CognitoError(
            "ExpiredCodeException", "Invalid code provided, please request a code again."
        ) from None
    except codes.TooManyTriesError:
        raise CognitoError(
            "LimitExceededException", "Attempt limit exceeded, please try after some time."
        ) from None


def _requested(cognito: Cognito, parameters: Parameters) -> tuple[Pool, Any, str]:
    """Return the pool, the client and the user name of a request. Raises CognitoError, also for a wrong SecretHash."""
    pool, client = cognito.pool_and_client(parameters)
    name = str(parameters["Username"])
    require_secret_hash(client, name, parameters.get("SecretHash"))
    return pool, client, name


def _existing_user(cognito: Cognito, parameters: Parameters) -> tuple[Pool, Any]:
    """Return the pool and the user of a request with a code. Raises CognitoError."""
    pool, client, name = _requested(cognito, parameters)
    user = pool._get_user(name)
    if hides_users(client) and (user is None or not user.enabled):
        raise _wrong_code()
    if user is None:
        raise user_not_found()
    return pool, user


def _new_user(pool: Pool, name: str, password: str, attributes: list[dict[str, str]]) -> Any:
    """Add a user; in a pool with addresses as user names, the name is an address and the user gets an id."""
    if "email" in (pool.extended_config.get("UsernameAttributes") or []):
        attributes = [*attributes, {"Name": "email", "Value": name}]
        _check_attributes(attributes)
        user = CognitoIdpUser(pool.id, None, password, UserStatus.UNCONFIRMED, attributes)
    else:
        user = CognitoIdpUser(pool.id, name, password, UserStatus.UNCONFIRMED, attributes)
    pool.users[user.username] = user
    return user


def _check_attributes(attributes: Iterable[Mapping[str, str]]) -> None:
    for attribute in attributes:
        name, value = attribute.get("Name", ""), attribute.get("Value", "")
        if name == "email" and not _looks_like_mail(value):
            raise invalid_parameter("Invalid email address format.")
        if name in ("email_verified", "phone_number_verified", "sub"):
            raise not_authorized("A client attempted to write unauthorized attribute")


def _looks_like_mail(value: str) -> bool:
    local, at, domain = value.rpartition("@")
    return bool(local and at and domain) and value.isprintable() and " " not in value


def _wrong_code() -> CognitoError:
    return CognitoError(
        "CodeMismatchException", "Invalid verification code provided, please try again."
    )


def _delivery(address: str) -> Reply:
    local, _, domain = address.partition("@")
    masked = f"{local[:1]}***@{domain[:1]}***"
    return {"Destination": masked, "DeliveryMedium": "EMAIL", "AttributeName": "email"}


def _made_up_delivery(name: str) -> Reply:
    """Return CodeDeliveryDetails for a name that no user has, as if a code had been sent."""
    return _delivery(f"{name}@e")
