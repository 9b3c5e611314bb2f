"""Cognito's errors, in the JSON protocol."""

from moto.core.exceptions import JsonRESTError


class CognitoError(JsonRESTError):  # type: ignore[misc] # moto is untyped under --strict
    """An error of Cognito's API: its code, such as `NotAuthorizedException`, and its message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(error_type=code, message=message)


def not_authorized(message: str = "Incorrect username or password.") -> CognitoError:
    """Return the error of a failed sign-in, by default the same for an unknown user and a wrong password."""
    return CognitoError("NotAuthorizedException", message)


def user_not_found(message: str = "User does not exist.") -> CognitoError:
    """Return the error for a user who does not exist."""
    return CognitoError("UserNotFoundException", message)


def invalid_parameter(message: str) -> CognitoError:
    """Return the error of a request with an invalid parameter."""
    return CognitoError("InvalidParameterException", message)
