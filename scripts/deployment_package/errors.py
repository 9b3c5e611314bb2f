"""Why a deployment package cannot be made."""

from scripts.terminal.errors import UserError


class PackageError(UserError):
    """The zip cannot be made; the message says what happened and how to fix it."""
