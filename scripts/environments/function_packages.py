"""Installs function/requirements.txt for the type checker and the tests: for this machine and this Python.

Its packages are in a folder of their own, after the project's packages on the path, and change none of their versions.
"""

import contextlib
import hashlib
import shutil
from pathlib import Path

from scripts.deployment_package.fetch import names_packages
from scripts.environments import installer
from scripts.environments.errors import InstallError
from scripts.terminal.progress import step

# Below the virtual environment; `virtual_environment` puts it on the path.
FOLDER = "function-packages"


def install_function_packages(venv: Path, requirements: Path) -> None:
    """Install the packages of a requirements file, unless it was installed last; remove them if it names none.

    Raises InstallError with pip's own message.
    """
    folder, stamp = venv / FOLDER, venv / ".installed-function"
    if not names_packages(requirements):
        shutil.rmtree(folder, ignore_errors=True)
        stamp.unlink(missing_ok=True)
        return
    fingerprint = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    with step("Install the packages of function/requirements.txt"):
        shutil.rmtree(folder, ignore_errors=True)
        _install(venv, requirements, ["--target", str(folder), "--requirement", str(requirements)])
    stamp.write_text(fingerprint)


def _install(venv: Path, requirements: Path, options: list[str]) -> None:
    # Relative paths in the file are relative to its folder.
    with contextlib.suppress(InstallError, OSError):
        installer.uv(venv, options, requirements.parent)
        return
    installer.pip(venv, "install", *options, folder=requirements.parent)
