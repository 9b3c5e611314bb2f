"""`scripts/install.py` installs once, and names the mend when it cannot."""

from pathlib import Path

import pytest

from scripts import install
from scripts.environments import toolchain, virtual_environment
from scripts.project.paths import REQUIREMENTS


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder for a .venv that is not there yet."""
    monkeypatch.setattr(virtual_environment, "VENV", tmp_path / "venv")
    monkeypatch.setattr(toolchain, "FOLDER", tmp_path / "venv" / "local-aws")
    return tmp_path


def test_a_python_without_venv_is_told_and_leaves_no_half_made_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a Python that cannot make a virtual environment, as Debian's without python3-venv
    broken = folder / "python"
    broken.write_text(
        f"#!/bin/sh\nmkdir -p {folder}/venv/bin\necho ensurepip is missing >&2\nexit 1\n"
    )
    broken.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(broken))

    # When something is to be installed
    status = install.main([])

    # Then the package to install is named, and the next try starts afresh
    err = capsys.readouterr().err
    assert status == 1
    assert "apt install python3-venv" in err
    assert "ensurepip is missing" in err
    assert not (folder / "venv").exists()


def test_packages_that_cannot_be_had_are_told_with_pips_own_words(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a virtual environment whose pip reaches nothing
    python = folder / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho ERROR: No matching distribution >&2\nexit 1\n")
    python.chmod(0o755)

    # When packages are to be installed
    status = install.main([])

    # Then both what happened and what to look at are told, and nothing counts as installed
    err = capsys.readouterr().err
    assert status == 1
    assert "No matching distribution" in err
    assert "index reachable" in err
    assert not list((folder / "venv").glob(".installed-*"))


def test_what_is_installed_is_left_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given an installation by a pip that notes its calls
    calls = folder / "calls"
    python = folder / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\necho call >> {calls}\n")
    python.chmod(0o755)
    monkeypatch.setattr("platform.system", lambda: "Darwin")  # the packages alone
    virtual_environment.install("local")
    first = calls.read_text()

    # When it is asked for again
    virtual_environment.install("local")

    # Then pip is not called
    assert calls.read_text() == first


def test_the_tools_of_the_audit_get_a_virtual_environment_of_their_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given that environment, with a pip that notes its calls
    monkeypatch.setattr(virtual_environment, "AUDIT_VENV", folder / "audit")
    python = folder / "audit" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\necho "$@" >> {folder / "calls"}\n')
    python.chmod(0o755)

    # When they are installed
    status = install.main(["audit"])

    # Then nothing else is, and nothing into the project's
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
    # Given a virtual environment on its way
    def interrupt(_: list[str]) -> None:
        (folder / "venv" / "bin").mkdir(parents=True)
        raise KeyboardInterrupt

    monkeypatch.setattr(virtual_environment, "run", interrupt)

    # When it is interrupted
    with pytest.raises(KeyboardInterrupt):
        install.main([])

    # Then the next try starts afresh
    assert not (folder / "venv").exists()


def test_another_python_remakes_the_virtual_environment(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a virtual environment that an older Python made
    old = folder / "venv" / "bin" / "python"
    old.parent.mkdir(parents=True)
    old.write_text("#!/bin/sh\n")
    old.chmod(0o755)
    ((folder / "venv") / "pyvenv.cfg").write_text("version = 3.9.1\n")
    monkeypatch.setattr(
        "sys.executable", "/bin/false"
    )  # so that it goes no further than to remake it

    # When something is installed with this one
    install.main([])

    # Then the old one is gone
    assert not old.exists()
