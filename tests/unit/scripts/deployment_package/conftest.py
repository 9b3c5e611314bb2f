"""pip without an index, a function's folder, and no wheels kept from other runs."""

import os
from pathlib import Path

import pytest

from scripts.deployment_package import kept_wheels


@pytest.fixture(autouse=True)
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one folder pip looks in."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setattr(kept_wheels, "FOLDER", tmp_path / "kept")
    for variable in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    return folder


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A function's folder that needs nothing yet."""
    folder = tmp_path / "function"
    folder.mkdir()
    (folder / "app.py").write_text("import saddle\n")
    return folder
