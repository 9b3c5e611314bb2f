"""Wheels are fetched once, and again when anything they were chosen by has changed."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.deployment_package.build import build
from scripts.deployment_package.errors import PackageError
from scripts.deployment_package.runtime import DEFAULT_RUNTIME, Runtime
from tests.support.wheels import make_wheel


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """The environments pip is run in, call by call."""
    environments: list[dict[str, str]] = []
    real = subprocess.run

    def run(*arguments: Any, **options: Any) -> Any:
        environments.append(options["env"])
        return real(*arguments, **options)

    monkeypatch.setattr(subprocess, "run", run)
    return environments


def package(source: Path, runtime: Runtime = DEFAULT_RUNTIME, **environment: str) -> str:
    output = source.parent / "build" / "function.zip"
    return build(source, output, runtime, {**os.environ, **environment}).sha256


def test_a_second_package_needs_no_pip(
    source: Path, wheels: Path, calls: list[dict[str, str]]
) -> None:
    # Given
    make_wheel(wheels, "saddle")
    (source / "requirements.txt").write_text("saddle\n")
    first = package(source)

    # When a file of the function is saved
    (source / "app.py").write_text("import saddle  # again\n")
    second = package(source)

    # Then
    assert len(calls) == 1
    assert first != second


@pytest.mark.parametrize(
    "change",
    [
        lambda source, _: (source / "requirements.txt").write_text("saddle\n# more\n"),
        lambda source, _: (source / "more.txt").write_text("saddle>=0\n"),
        lambda _, wheels: make_wheel(wheels, "saddle", files={"saddle.py": "rebuilt"}),
        lambda source, _: (source.parent / "pip.conf").write_text("[global]\nretries = 1\n"),
    ],
    ids=["requirements", "a file they include", "a wheel that was built again", "pip's settings"],
)
def test_what_the_choice_depends_on_fetches_them_again(
    source: Path,
    wheels: Path,
    calls: list[dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path, Path], object],
) -> None:
    # Given
    monkeypatch.setenv("PIP_CONFIG_FILE", str(source.parent / "pip.conf"))
    make_wheel(wheels, "saddle")
    (source / "more.txt").write_text("saddle\n")
    (source / "requirements.txt").write_text("-r more.txt\n")
    package(source)

    # When
    change(source, wheels)
    package(source)

    # Then
    assert len(calls) == 2


def test_an_address_as_long_as_a_file_name_cannot_be_is_no_error(
    source: Path, wheels: Path, calls: list[dict[str, str]]
) -> None:
    # Given
    make_wheel(wheels, "saddle")
    (source / "requirements.txt").write_text(f"saddle  # https://docs.example/{'x' * 300}\n")

    # When
    package(source)

    # Then
    assert len(calls) == 1


def test_another_runtime_or_index_fetches_them_again(
    source: Path, wheels: Path, calls: list[dict[str, str]]
) -> None:
    # Given
    make_wheel(wheels, "saddle")
    (source / "requirements.txt").write_text("saddle\n")
    package(source)

    # When
    package(source, Runtime("x86_64", "3.13"))
    package(source, Runtime("arm64", "3.12"))
    package(source, PIP_INDEX_URL="http://127.0.0.1:1/simple")

    # Then pip ran each time, in the environment it was given
    assert len(calls) == 4
    assert [call.get("PIP_INDEX_URL") for call in calls[2:]] == [None, "http://127.0.0.1:1/simple"]


def test_what_could_not_be_fetched_is_not_kept(source: Path, wheels: Path) -> None:
    # Given
    (source / "requirements.txt").write_text("saddle\n")
    with pytest.raises(PackageError):
        package(source)

    # When
    make_wheel(wheels, "saddle")

    # Then
    assert package(source)


def test_a_damaged_wheel_is_refused_and_not_kept(source: Path, wheels: Path) -> None:
    # Given
    make_wheel(wheels, "saddle", files={"saddle.py": "whinny " * 100})
    path = wheels / "saddle-1.0-py3-none-any.whl"
    path.write_bytes(path.read_bytes().replace(b"whinny whinny", b"whinny winnie", 1))
    (source / "requirements.txt").write_text("saddle\n")

    # Then
    for _ in range(2):
        with pytest.raises(PackageError, match=r"saddle-1\.0-py3-none-any\.whl is damaged"):
            package(source)
