"""Builds the zips that an apply deploys, for the runtime that its arguments and variables name."""

import sys
from collections.abc import Iterable, Mapping, Sequence

from scripts.deployment_package.packaged import Package
from scripts.deployment_package.packages import build_all
from scripts.deployment_package.syntax import require_compiles
from scripts.deployment_package.target import target_runtime
from scripts.project.paths import ROOT


def build_for_apply(
    terraform_arguments: Sequence[str],
    environment: Mapping[str, str],
    names: Iterable[str] | None = None,
) -> list[Package]:
    """Build every package, or those of these names, for an apply with these arguments; notes go to stderr.

    Raises PackageError, and SourceError if a package's own files do not compile.
    """
    runtime = target_runtime(terraform_arguments, environment)
    packages = build_all(runtime, environment, names)
    for package in packages:
        require_compiles(package, ROOT / package.path.stem)
        for note in package.notes():
            print(note, file=sys.stderr)
    return packages
