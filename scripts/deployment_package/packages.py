"""The project's packages: for each zip that the root module names, the folder of that name."""

import re
from collections.abc import Mapping
from pathlib import Path

from scripts.deployment_package.build import build
from scripts.deployment_package.packaged import Package
from scripts.deployment_package.runtime import Runtime
from scripts.project.paths import ROOT
from scripts.terminal.progress import step

_ZIP = re.compile(r'"build/([A-Za-z0-9_-]+)\.zip"')


def package_names(root: Path = ROOT) -> list[str]:
    """Return the names of the packages, such as `function` for build/function.zip, as the *.tf files have them."""
    texts = (path.read_text() for path in sorted(root.glob("*.tf")))
    return sorted({name for text in texts for name in _ZIP.findall(text)})


def build_all(runtime: Runtime, environment: Mapping[str, str] | None = None) -> list[Package]:
    """Build every package, each from its folder into build/. Raises PackageError."""
    built = []
    for name in package_names():
        with step(f"Package {name}/"):
            output = ROOT / "build" / f"{name}.zip"
            built.append(build(ROOT / name, output, runtime, environment))
    return built
