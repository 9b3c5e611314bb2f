"""A small function's folder and its zip."""

from pathlib import Path

import pytest

from scripts.deployment_package.build import build
from scripts.deployment_package.packaged import Package
from tests.support.packaged import write


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A small function's folder."""
    folder = tmp_path / "function"
    write(folder / "app.py", data=b"def handler(event, context):\n    return {}\n")
    write(folder / "data" / "names.txt", data=b"Shadowfax\r\n")
    return folder


@pytest.fixture
def built(source: Path, tmp_path: Path) -> Package:
    """That folder's zip, alone in a folder of its own."""
    return build(source, tmp_path / "build" / "function.zip")
