"""The program `terraform` on this machine."""

import shutil

from scripts.terminal.errors import UserError


def require_terraform() -> None:
    """Raise UserError unless `terraform` is on PATH."""
    if not shutil.which("terraform"):
        raise UserError("terraform is not on PATH; install version 1.5 or newer.")
