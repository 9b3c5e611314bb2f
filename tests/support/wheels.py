"""Wheels made by hand, and zips that contain them."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

from scripts.deployment_package.build import build as build_package
from scripts.deployment_package.runtime import DEFAULT_RUNTIME, Runtime


def make_wheel(
    folder: Path,
    name: str,
    tag: str = "py3-none-any",
    requires: tuple[str, ...] = (),
    files: Mapping[str, str] | None = None,
    python: str = ">=3",
) -> None:
    """Write a wheel by hand, version 1.0; its one module is its tag unless `files` are given."""
    info = f"{name}-1.0.dist-info"
    needs = "".join(f"Requires-Dist: {requirement}\n" for requirement in requires)
    with zipfile.ZipFile(folder / f"{name}-1.0-{tag}.whl", "w") as wheel:
        for path, text in (files or {f"{name}.py": f"TAG = '{tag}'\n"}).items():
            wheel.writestr(path, text)
        wheel.writestr(
            f"{info}/METADATA",
            f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\nRequires-Python: {python}\n{needs}",
        )
        wheel.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        wheel.writestr(f"{info}/RECORD", "")


def build(source: Path, requirements: str, runtime: Runtime = DEFAULT_RUNTIME) -> dict[str, str]:
    """Package, and return the text of every file in the zip."""
    (source / "requirements.txt").write_text(requirements)
    built = build_package(source, source.parent / "build" / "function.zip", runtime)
    with zipfile.ZipFile(built.path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}
