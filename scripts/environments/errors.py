"""Why something could not be installed."""

from scripts.terminal.errors import UserError


class InstallError(UserError):
    """What could not be installed, and the fix."""
