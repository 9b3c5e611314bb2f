"""Installs locked packages into a virtual environment: with uv, or with pip where uv is missing or fails."""

import contextlib
import functools
from collections.abc import Sequence
from pathlib import Path

from scripts.environments import pip_settings
from scripts.environments.commands import run
from scripts.environments.errors import InstallError

# A lock names every package, so there is nothing to resolve.
LOCKED = ("--no-deps", "--require-hashes", "--requirement")
# A package published as source only is built by the locked setuptools, which is installed first.
BUILT_BY_LOCKED = "--no-build-isolation"


def install(venv: Path, lock: Path, options: Sequence[str] = ()) -> None:
    """Install every package of a lock file, by its hash. Raises InstallError with pip's own message."""
    with contextlib.suppress(InstallError, OSError):
        _install_with_uv(venv, lock, options)
        return
    install_with_pip(venv, lock, options)


def install_with_pip(venv: Path, lock: Path, options: Sequence[str] = ()) -> None:
    """Install every package of a lock file with pip alone, as uv itself is. Raises InstallError."""
    pip(venv, "install", BUILT_BY_LOCKED, *options, *LOCKED, str(lock))


def pip(venv: Path, verb: str, *arguments: str) -> None:
    """Run the environment's own pip. Raises InstallError."""
    quiet = ["--quiet", "--disable-pip-version-check"]
    try:
        run([str(python_of(venv)), "-m", "pip", verb, *quiet, *arguments])
    except InstallError as error:
        raise InstallError(
            f"pip could not {verb} the locked packages; is the package index reachable?\n{error}"
        ) from error


def python_of(venv: Path) -> Path:
    """Return the interpreter of a virtual environment."""
    return venv / "bin" / "python"


def _install_with_uv(venv: Path, lock: Path, options: Sequence[str]) -> None:
    """Run uv with pip's settings; what the shell says of uv itself wins."""
    python = str(python_of(venv))
    settings = _pip_settings(python)
    command = [str(venv / "bin" / "uv"), "pip", "install", "--quiet", "--python", python]
    command += [*pip_settings.as_uv_options(settings), BUILT_BY_LOCKED, *options]
    run([*command, *LOCKED, str(lock)], pip_settings.as_uv_variables(settings))


@functools.cache
def _pip_settings(python: str) -> dict[str, str]:
    return pip_settings.read_settings(run([python, "-m", "pip", "config", "list"]))
