"""`scripts/install.py` installs once, replaces an environment that cannot work, and names the fix for what fails."""

import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from scripts import install
from scripts.environments import toolchain, virtual_environment
from scripts.project.paths import REQUIREMENTS


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the parent of a .venv that does not exist yet."""
    monkeypatch.setattr(virtual_environment, "VENV", tmp_path / "venv")
    monkeypatch.setattr(toolchain, "FOLDER", tmp_path / "venv" / "local-aws")
    return tmp_path


def make_python(venv: Path, script: str) -> None:
    """Write a shell script as an environment's interpreter."""
    python = venv / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)


def test_a_python_without_venv_is_reported_and_leaves_no_half_made_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a Python that cannot make a virtual environment, as Debian's without python3-venv
    broken = folder / "python"
    broken.write_text(
        f"#!/bin/sh\nmkdir -p {folder}/venv/bin\necho ensurepip is missing >&2\nexit 1\n"
    )
    broken.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(broken))

    # When
    status = install.main([])

    # Then the package to install is named, and the next try starts afresh
    err = capsys.readouterr().err
    assert status == 1
    assert "apt install python3-venv" in err
    assert "ensurepip is missing" in err
    assert not (folder / "venv").exists()


def test_an_environment_has_a_pip_that_works_and_stays_usable(tmp_path: Path) -> None:
    # Given a place with a space in its name
    venv = tmp_path / "my venv"

    # When an environment is made there
    virtual_environment._make_venv(venv)

    # Then its pip is the one that came with this Python, and the next install keeps the environment
    python = str(venv / "bin" / "python")
    version = subprocess.run([python, "-m", "pip", "--version"], check=True, capture_output=True)
    assert str(venv).encode() in version.stdout
    assert virtual_environment._is_usable(venv)


def test_where_no_wheel_of_pip_is_found_venv_looks_for_it_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a Python whose wheels are elsewhere
    commands: list[list[str]] = []
    monkeypatch.setattr(virtual_environment, "bundled_pip", lambda: None)
    monkeypatch.setattr(virtual_environment, "run", commands.append)

    # When an environment is made
    virtual_environment._make_venv(tmp_path / "venv")

    # Then nothing is left out of it
    assert commands == [[sys.executable, "-m", "venv", str(tmp_path / "venv")]]


def test_an_unreachable_index_is_reported_with_pips_own_message(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a virtual environment whose pip reaches no index
    make_python(folder / "venv", "echo ERROR: No matching distribution >&2; exit 1")

    # When
    status = install.main([])

    # Then the error says what happened and what to check, and nothing counts as installed
    err = capsys.readouterr().err
    assert status == 1
    assert "No matching distribution" in err
    assert "index reachable" in err
    assert not list((folder / "venv").glob(".installed-*"))


def test_a_path_with_fewer_pythons_installs_nothing_anew(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given an installation from a shell that has one Python more on its PATH, as pyenv's stand-ins are
    lock = REQUIREMENTS / "runtime.txt"
    installs: list[Path] = []
    install_once = partial(virtual_environment._once, folder, "runtime", "Install", installs.append)
    install_once(["/shims/python3.13", "/usr/bin/python3.13"])

    # When it runs from a shell without, from the first again, and from one with another
    install_once(["/usr/bin/python3.13"])
    install_once(["/shims/python3.13", "/usr/bin/python3.13"])
    assert installs == [lock]
    install_once(["/opt/bin/python3.14"])

    # Then only a Python that is new is installed for, once
    install_once(["/usr/bin/python3.13", "/opt/bin/python3.14"])
    assert installs == [lock, lock]


def test_what_is_installed_is_left_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given an installation by a pip that records its calls
    calls = folder / "calls"
    make_python(folder / "venv", f"echo call >> {calls}")
    monkeypatch.setattr("platform.system", lambda: "Darwin")  # the packages alone
    virtual_environment.install("local")
    first = calls.read_text()

    # When it runs again
    virtual_environment.install("local")

    # Then pip is not called
    assert calls.read_text() == first


def test_the_audit_tools_get_a_virtual_environment_of_their_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given that environment, with a pip that records its calls
    monkeypatch.setattr(virtual_environment, "AUDIT_VENV", folder / "audit")
    make_python(folder / "audit", f'echo "$@" >> {folder / "calls"}')

    # When
    status = install.main(["audit"])

    # Then only the tools are installed, and nothing into the project's environment
    calls = (folder / "calls").read_text().splitlines()
    installs = [call for call in calls if " pip install " in call]
    assert status == 0
    assert [call.rpartition("--require-hashes --requirement ")[2] for call in installs] == [
        str(REQUIREMENTS / "installer.txt"),
        str(REQUIREMENTS / "audit.txt"),
    ]
    assert not (folder / "venv").exists()


def test_an_interrupted_start_leaves_no_half_made_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a virtual environment that is being made
    def interrupt(_: list[str]) -> None:
        (folder / "venv" / "bin").mkdir(parents=True)
        raise KeyboardInterrupt

    monkeypatch.setattr(virtual_environment, "run", interrupt)

    # When it is interrupted
    with pytest.raises(KeyboardInterrupt):
        install.main([])

    # Then the next try starts afresh
    assert not (folder / "venv").exists()


@pytest.mark.parametrize("change", ["another Python", "a Python that is gone", "a moved checkout"])
def test_an_environment_that_cannot_work_is_replaced(
    folder: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    # Given an environment made by this Python, in this place, but for one change
    venv = folder / "venv"
    make_python(venv, "exit 0")
    version = "3.9.1" if change == "another Python" else sys.version.split()[0]
    place = folder / "elsewhere" if change == "a moved checkout" else venv
    (venv / "pyvenv.cfg").write_text(f"version = {version}\ncommand = python -m venv {place}\n")
    if change == "a Python that is gone":
        (venv / "bin" / "python").unlink()
        (venv / "bin" / "python").symlink_to(folder / "gone")
    (venv / "old").touch()
    # so that it stops after removing the old one
    monkeypatch.setattr("sys.executable", "/bin/false")

    # When
    status = install.main([])

    # Then
    assert status == 1
    assert not venv.exists()


def test_an_environment_that_works_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given an environment as this Python makes it, reached by a link
    monkeypatch.setattr("platform.system", lambda: "Darwin")  # the packages alone
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", str(folder / "real")], check=True
    )
    settings = (folder / "real" / "pyvenv.cfg").read_text()
    (folder / "real" / "pyvenv.cfg").write_text(settings.replace(" --without-pip", ""))
    (folder / "venv").symlink_to(folder / "real")

    # When something is installed, which fails without pip
    status = install.main([])

    # Then
    assert status == 1
    assert (folder / "venv" / "bin" / "python").exists()


def test_a_moved_checkout_is_still_importable_in_its_environment(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a checkout with its environment, whose pip does nothing
    checkout = folder / "checkout"
    monkeypatch.setattr(virtual_environment, "ROOT", checkout)
    monkeypatch.setattr(virtual_environment, "VENV", checkout / ".venv")
    monkeypatch.setattr("platform.system", lambda: "Darwin")  # the packages alone
    (checkout / "room").mkdir(parents=True)
    (checkout / "room" / "__init__.py").touch()
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", str(checkout / ".venv")], check=True
    )
    virtual_environment._put_checkout_on_path(checkout / ".venv")

    # When both move
    shutil.move(checkout, folder / "moved")

    # Then
    python = folder / "moved" / ".venv" / "bin" / "python"
    where = subprocess.run(
        [python, "-c", "import room; print(room.__file__)"],
        cwd=folder,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(where.stdout.strip()).is_relative_to(folder / "moved")
