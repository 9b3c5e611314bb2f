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
        uv(venv, [BUILT_BY_LOCKED, *options, *LOCKED, str(lock)])
        return
    install_with_pip(venv, lock, options)


def install_with_pip(venv: Path, lock: Path, options: Sequence[str] = ()) -> None:
    """Install every package of a lock file with pip, never uv; uv itself is installed so. Raises InstallError."""
    pip(venv, "install", BUILT_BY_LOCKED, *options, *LOCKED, str(lock))


def pip(venv: Path, verb: str, *arguments: str, folder: Path | None = None) -> None:
    """Run the environment's own pip. Raises InstallError."""
    quiet = ["--quiet", "--disable-pip-version-check"]
    try:
        run([str(python_of(venv)), "-m", "pip", verb, *quiet, *arguments], folder=folder)
    except InstallError as error:
        raise InstallError(
            f"pip could not {verb} the packages; is the package index reachable?\n{error}"
        ) from error


def python_of(venv: Path) -> Path:
    """Return the interpreter of a virtual environment."""
    return venv / "bin" / "python"


def uv(venv: Path, arguments: Sequence[str], folder: Path | None = None) -> None:
    """Run `uv pip install` with pip's settings; uv's own variables in the shell take precedence.

    Raises InstallError, and OSError where there is no uv.
    """
    python = str(python_of(venv))
    settings = _pip_settings(python)
    command = [str(venv / "bin" / "uv"), "pip", "install", "--quiet", "--python", python]
    command += [*pip_settings.as_uv_options(settings), *arguments]
    run(command, pip_settings.as_uv_variables(settings), folder)


@functools.cache
def _pip_settings(python: str) -> dict[str, str]:
    return pip_settings.read_settings(run([python, "-m", "pip", "config", "list"]))
