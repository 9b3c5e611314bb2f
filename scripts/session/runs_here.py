"""Whether a zip runs on this machine, and on which Python: known before an apply rather than by a failed import."""

import platform
from collections.abc import Iterable

from local_aws.functions.toolchain import find_toolchain
from scripts.deployment_package.packaged import Package
from scripts.terminal.errors import UserError

ARCHITECTURES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}


class NotHereError(UserError):
    """The zip holds compiled code that this machine cannot run; the message says what to change."""


def pythons_for(packages: Iterable[Package]) -> list[str]:
    """Return the sentences of python_for() for several zips, each sentence once. Raises what python_for() does."""
    return list(dict.fromkeys(map(python_for, packages)))


def python_for(package: Package) -> str:
    """Return a sentence that names the Python which will run a zip here.

    Raises NotHereError if the zip holds code compiled for another architecture or Python, and MissingToolchainError.
    """
    here = ARCHITECTURES.get(platform.machine().lower(), platform.machine())
    toolchain = find_toolchain().for_runtime(package.runtime)
    python = toolchain.interpreter
    compiled = f"{package.path.name} holds code compiled for {package.made_for}"
    if package.compiled and package.architecture != here:
        raise NotHereError(
            f"{compiled}, and this machine is {here}.\n"
            f"For a local run set the variable: TF_VAR_architecture={here}, in front of the command."
        )
    if toolchain.instead and package.needs_its_python:
        raise NotHereError(
            f"{compiled}. {toolchain.instead}, which cannot load it.\n"
            f"Install that Python, or set TF_VAR_runtime=python{python.minor_version} in front of the command."
        )
    return toolchain.instead or f"{package.runtime} is Python {python.version}, {python.program}"
