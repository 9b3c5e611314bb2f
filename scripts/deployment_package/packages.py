"""Builds the project's packages, each from its folder into build/."""

from collections.abc import Iterable, Mapping

from scripts.deployment_package.build import build
from scripts.deployment_package.packaged import Package
from scripts.deployment_package.runtime import Runtime
from scripts.project.packages import ProjectPackage, package_names
from scripts.terminal.progress import step


def build_all(
    runtime: Runtime,
    environment: Mapping[str, str] | None = None,
    names: Iterable[str] | None = None,
) -> list[Package]:
    """Build every package, or those of these names. Raises PackageError."""
    built = []
    for package in map(ProjectPackage, package_names() if names is None else names):
        with step(f"Package {package.name}/"):
            built.append(build(package.folder, package.zip, runtime, environment))
    return built
