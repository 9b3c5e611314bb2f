"""The zip that an apply deploys: built for the runtime that its arguments and variables name."""

import sys
from collections.abc import Mapping, Sequence

from scripts.deployment_package.build import build
from scripts.deployment_package.target import target_runtime
from scripts.terminal.progress import step


def build_for_apply(terraform_arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Build build/function.zip for an apply with these arguments in this environment; notes go to stderr.

    Raises PackageError.
    """
    with step("Package function/"):
        runtime = target_runtime(terraform_arguments, environment)
        package = build(runtime=runtime, environment=environment)
    for note in package.notes():
        print(note, file=sys.stderr)
