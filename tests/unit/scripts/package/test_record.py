"""The record beside the zip says what the zip is for."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.deployment_package.build import build
from scripts.deployment_package.packaged import Package
from scripts.deployment_package.runtime import Runtime
from scripts.project.paths import ROOT
from tests.support.packaged import write

BUILDING = """\
import sys
from pathlib import Path
from scripts.deployment_package.build import build
built = build(*map(Path, sys.argv[1:]))
for _ in range(500):
    built.write_record()
"""


def test_the_record_names_runtime_architecture_and_the_zips_hash(
    source: Path, tmp_path: Path
) -> None:
    # When
    build(source, tmp_path / "build" / "function.zip", Runtime("x86_64", "3.12"))

    # Then
    record = json.loads((tmp_path / "build" / "function.json").read_text())
    digest = hashlib.sha256((tmp_path / "build" / "function.zip").read_bytes()).hexdigest()
    assert record == {
        "runtime": "python3.12",
        "architecture": "x86_64",
        "compiled": False,
        "sha256": digest,
        "wheels": [],
    }


def test_a_program_among_the_functions_own_files_is_compiled_code(
    source: Path, tmp_path: Path
) -> None:
    # Given
    write(source / "bin" / "tool", data=b"\x7fELF\2\1\1\0")

    # When
    built = build(source, tmp_path / "function.zip")

    # Then
    assert built.compiled
    assert json.loads((tmp_path / "function.json").read_text())["compiled"] is True


@pytest.mark.parametrize("name", ["function.zip", "function"])
def test_the_record_has_the_zips_name(source: Path, tmp_path: Path, name: str) -> None:
    # When
    build(source, tmp_path / "build" / name)

    # Then
    assert {path.name for path in (tmp_path / "build").iterdir()} == {name, "function.json"}


def test_the_record_moves_with_the_zip(built: Package, tmp_path: Path) -> None:
    # When
    built.move_to(tmp_path / "live.zip")

    # Then
    assert json.loads((tmp_path / "live.json").read_text())["sha256"] == built.sha256
    assert list(built.path.parent.iterdir()) == []


def test_two_runs_may_build_the_same_zip(source: Path, tmp_path: Path) -> None:
    # Given two processes that build it, and write its record again and again
    command = [sys.executable, "-c", BUILDING, str(source), str(tmp_path / "function.zip")]
    runs = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]

    # When both have ended
    statuses = [run.wait(timeout=60) for run in runs]

    # Then neither was in the other's way
    assert statuses == [0, 0]
