"""A runtime's Python is found on PATH or where pyenv and uv install Pythons; what does not work is passed over."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_aws.functions import interpreters, toolchain
from local_aws.functions.interpreters import Interpreter, find_interpreter
from local_aws.functions.toolchain import Toolchain


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A machine without any other Python; its PATH is the folder `bin`."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("PYENV_ROOT", "UV_PYTHON_INSTALL_DIR", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    find_interpreter.cache_clear()
    yield tmp_path
    find_interpreter.cache_clear()


def make_python(folder: Path, version: str, implementation: str = "cpython") -> Path:
    """Write a program that answers as a Python of that version does."""
    return make_program(folder, version, f"echo '{json.dumps([implementation, version, '/usr'])}'")


def make_program(folder: Path, version: str, script: str) -> Path:
    program = folder / f"python{version.rpartition('.')[0]}"
    folder.mkdir(parents=True, exist_ok=True)
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


def test_this_processs_own_python_is_taken_first(machine: Path) -> None:
    # Given another one of the same version
    own = ".".join(map(str, sys.version_info[:2]))
    make_python(machine / "bin", f"{own}.99")

    # When
    found = find_interpreter(own)

    # Then
    assert found
    assert found.program == Path(sys.executable)


@pytest.mark.parametrize(
    "folder",
    [
        "bin",
        ".pyenv/versions/3.9.1/bin",
        ".local/share/uv/python/cpython-3.9.1-linux-x86_64-gnu/bin",
    ],
)
def test_a_python_is_found_on_path_and_where_managers_install_it(
    machine: Path, folder: str
) -> None:
    # Given
    program = make_python(machine / folder, "3.9.1")

    # Then
    assert find_interpreter("3.9") == Interpreter(program, "3.9.1", Path("/usr/lib"))


def test_where_pyenv_and_uv_are_set_to_install_is_searched(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    monkeypatch.setenv("PYENV_ROOT", str(machine / "pyenv"))
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(machine / "uv"))
    first = make_python(machine / "pyenv" / "versions" / "3.8.2" / "bin", "3.8.2")
    second = make_python(machine / "uv" / "cpython-3.9.1-linux" / "bin", "3.9.1")

    # Then
    assert [find_interpreter(version).program for version in ("3.8", "3.9")] == [first, second]  # type: ignore[union-attr] # None fails it


def test_the_newest_patch_is_taken(machine: Path) -> None:
    # Given
    versions = ("3.9.2", "3.9.10", "3.9.9")
    for version in versions:
        make_python(machine / ".pyenv" / "versions" / version / "bin", version)

    # Then
    found = find_interpreter("3.9")
    assert found
    assert found.version == "3.9.10"


@pytest.mark.parametrize(
    "script",
    ["echo pyenv: python3.9: command not found >&2; exit 127", "echo nonsense", "echo '[1, 2]'"],
)
def test_a_program_that_does_not_answer_as_a_python_is_passed_over(
    machine: Path, script: str
) -> None:
    # Given
    make_program(machine / "bin", "3.9.1", script)
    program = make_python(machine / ".pyenv" / "versions" / "3.9.1" / "bin", "3.9.1")

    # Then
    found = find_interpreter("3.9")
    assert found
    assert found.program == program


def test_another_implementation_or_version_is_passed_over(machine: Path) -> None:
    # Given
    make_python(machine / "bin", "3.9.1", implementation="pypy")
    make_program(
        machine / ".pyenv" / "versions" / "3.9.2" / "bin",
        "3.9.2",
        """echo '["cpython", "3.10.1", "/usr"]'""",
    )

    # Then
    assert find_interpreter("3.9") is None


def test_a_runtime_is_replaced_by_this_python_with_a_reason(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given no Python 3.8, and a Python 3.9 without AWS's runtime client
    make_python(machine / "bin", "3.9.1")
    monkeypatch.setattr(toolchain, "_home", lambda: machine)
    own = interpreters.own_interpreter()
    ours = Toolchain(machine / "rie", machine / "runtime", own)

    # When
    missing, without_client = ours.for_runtime("python3.8"), ours.for_runtime("python3.9")

    # Then
    assert {missing.interpreter, without_client.interpreter} == {own}
    assert missing.instead == (
        f"Python 3.8 is not installed here: python3.8 runs on Python {own.version}"
    )
    assert without_client.instead.startswith("AWS's runtime client for Python 3.9 is not installed")


def test_a_runtime_has_its_own_python_and_client(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    program = make_python(machine / "bin", "3.9.1")
    monkeypatch.setattr(toolchain, "_home", lambda: machine)
    (machine / "runtime-3.9").mkdir()
    ours = Toolchain(machine / "rie", machine / "runtime", interpreters.own_interpreter())

    # When
    theirs = ours.for_runtime("python3.9")

    # Then
    assert (theirs.python, theirs.runtime) == (program, machine / "runtime-3.9")
    assert theirs.instead == ""
    assert ours.for_runtime("nodejs22.x") == ours
