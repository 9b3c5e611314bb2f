"""Whether a zip runs on this machine, and on which Python: checked before an apply, not found by a failed import."""

import platform
from collections.abc import Iterable

from local_aws.functions.toolchain import find_toolchain
from scripts.deployment_package.packaged import Package
from scripts.deployment_package.runtime import DEFAULT_RUNTIME
from scripts.project.machine import own_architecture
from scripts.terminal.errors import UserError


class NotHereError(UserError):
    """The zip holds compiled code that this machine cannot run; the message says what to change."""


def pythons_for(packages: Iterable[Package]) -> list[str]:
    """Return the sentences of `python_for` for several zips, without repetitions. Raises what `python_for` raises."""
    return list(dict.fromkeys(map(python_for, packages)))


def python_for(package: Package) -> str:
    """Return a sentence that names the Python that will run a zip here.

    Raises NotHereError if the zip holds code compiled for another architecture or Python, and MissingToolchainError.
    """
    here = own_architecture() or platform.machine()
    toolchain = find_toolchain().for_runtime(package.runtime)
    python = toolchain.interpreter
    compiled = f"{package.path.name} holds code compiled for {package.made_for}"
    if package.compiled and package.architecture != here:
        raise NotHereError(
            f"{compiled}, and this machine is {here}.\n{_how_to_set('architecture', here)}"
        )
    if toolchain.instead and package.needs_its_python:
        default = find_toolchain().for_runtime(DEFAULT_RUNTIME.name)
        installed = python if default.instead else default.interpreter
        raise NotHereError(
            f"{compiled}. {toolchain.instead}, which cannot load it.\n"
            f"Install that Python. {_how_to_set('runtime', f'python{installed.minor_version}')}"
        )
    return (
        toolchain.instead
        or f"The runtime {package.runtime} is Python {python.version} here, {python.program}"
    )


def _how_to_set(variable: str, value: str) -> str:
    """Return how a local run sets a variable: a file of values overrides TF_VAR_*, and -var overrides both."""
    return (
        f'For a local run: make local-apply ARGS="-var {variable}={value}"; for make ride, dev and play,\n'
        f"set TF_VAR_{variable}={value} or, if terraform.tfvars sets {variable}, change it there."
    )
