"""Installs locked packages into a virtual environment: with uv, or with pip where uv cannot run or reaches no index."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

from scripts.environments.commands import run
from scripts.environments.errors import InstallError

# A lock names every package, so there is nothing to resolve.
LOCKED = ("--no-deps", "--require-hashes", "--requirement")
# What is published as source only is built by the locked setuptools, which is installed first.
BUILT_BY_LOCKED = "--no-build-isolation"


def install(venv: Path, lock: Path, options: Sequence[str] = ()) -> None:
    """Install every package of a lock file, by its hash. Raises InstallError with pip's own words."""
    with contextlib.suppress(InstallError, OSError):
        uv = [str(venv / "bin" / "uv"), "pip", "install", "--quiet"]
        uv += ["--python", str(_python(venv)), *_index(venv)]
        run([*uv, BUILT_BY_LOCKED, *options, *LOCKED, str(lock)])
        return
    install_with_pip(venv, lock, options)


def install_with_pip(venv: Path, lock: Path, options: Sequence[str] = ()) -> None:
    """Install every package of a lock file with pip alone, as uv itself is. Raises InstallError."""
    pip(venv, "install", BUILT_BY_LOCKED, *options, *LOCKED, str(lock))


def pip(venv: Path, verb: str, *arguments: str) -> None:
    """Run the environment's own pip. Raises InstallError."""
    quiet = ["--quiet", "--disable-pip-version-check"]
    try:
        run([str(_python(venv)), "-m", "pip", verb, *quiet, *arguments])
    except InstallError as error:
        raise InstallError(
            f"pip could not {verb} the locked packages; is the package index reachable?\n{error}"
        ) from error


def _python(venv: Path) -> Path:
    return venv / "bin" / "python"


def _index(venv: Path) -> list[str]:
    """Return uv's option for the index that pip is configured to use: uv does not read pip's configuration."""
    try:
        url = run([str(_python(venv)), "-m", "pip", "config", "get", "global.index-url"])
    except InstallError:  # none is configured
        return []
    return [f"--default-index={url.strip()}"]
