"""What function/requirements.txt names is installed for the tests and the type checker, apart from the project's."""

import os
from pathlib import Path

import pytest

from scripts.environments import installer
from scripts.environments.errors import InstallError
from scripts.environments.function_packages import FOLDER, install_function_packages
from scripts.project.paths import VENV
from tests.support.wheels import make_wheel


@pytest.fixture
def function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A function's folder, and a pip that looks in the folder `wheels` alone."""
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    monkeypatch.setenv("UV_NO_CACHE", "1")
    installer._pip_settings.cache_clear()
    (tmp_path / "function").mkdir()
    (tmp_path / "wheels").mkdir()
    return tmp_path / "function"


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """A virtual environment whose programs are those of this one."""
    (tmp_path / "venv").mkdir()
    (tmp_path / "venv" / "bin").symlink_to(VENV / "bin")
    return tmp_path / "venv"


def test_packages_follow_the_file(function: Path, venv: Path) -> None:
    # Given
    make_wheel(function.parent / "wheels", "saddle")
    requirements = function / "requirements.txt"
    requirements.write_text("saddle\n")

    # When
    install_function_packages(venv, requirements)

    # Then
    assert (venv / FOLDER / "saddle.py").exists()

    # When it names another, by a path relative to it
    make_wheel(function, "girth")
    requirements.write_text("./girth-1.0-py3-none-any.whl\n")
    install_function_packages(venv, requirements)

    # Then
    assert not (venv / FOLDER / "saddle.py").exists()
    assert (venv / FOLDER / "girth.py").exists()

    # When it names none
    requirements.write_text("# none\n")
    install_function_packages(venv, requirements)

    # Then
    assert not (venv / FOLDER).exists()


def test_what_is_installed_is_left_alone(function: Path, venv: Path) -> None:
    # Given
    make_wheel(function.parent / "wheels", "saddle")
    (function / "requirements.txt").write_text("saddle\n")
    install_function_packages(venv, function / "requirements.txt")
    (venv / FOLDER / "saddle.py").unlink()

    # When
    install_function_packages(venv, function / "requirements.txt")

    # Then
    assert not (venv / FOLDER / "saddle.py").exists()


def test_what_cannot_be_installed_is_reported_with_pips_message(function: Path, venv: Path) -> None:
    # Given
    (function / "requirements.txt").write_text("saddle\n")

    # Then
    for _ in range(2):
        with pytest.raises(InstallError, match="No matching distribution found for saddle"):
            install_function_packages(venv, function / "requirements.txt")
