"""The function's own files are deflated only where the zip would be too large without."""

import os
import zipfile
from pathlib import Path

import pytest

from scripts.deployment_package import build as build_module
from scripts.deployment_package.build import build
from scripts.deployment_package.errors import PackageError
from scripts.deployment_package.packaged import Package
from tests.support.packaged import run, write


def test_below_the_limit_files_are_stored(built: Package) -> None:
    # When
    with zipfile.ZipFile(built.path) as archive:
        methods = {info.compress_type for info in archive.infolist()}

    # Then
    assert methods == {zipfile.ZIP_STORED}
    assert built.notes() == []


def test_above_the_limit_files_are_deflated_and_that_is_reported(
    source: Path, tmp_path: Path
) -> None:
    # Given 60 MB of data that compress to less than 50 MB
    write(source / "data.json", data=b'{"Name": "Shadowfax"}, ' * 2_700_000)

    # When
    done = run("--source", source, "--output", tmp_path / "function.zip")

    # Then
    assert done.returncode == 0
    assert "Uncompressed it would exceed 50 MB" in done.stderr
    with zipfile.ZipFile(tmp_path / "function.zip") as archive:
        assert archive.testzip() is None
        assert archive.read("data.json") == (source / "data.json").read_bytes()


def test_a_zip_that_is_too_large_even_so_is_not_made(
    source: Path, built: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    write(source / "noise", data=os.urandom(10_000))
    monkeypatch.setattr(build_module, "ZIPPED_LIMIT", 10_000)

    # When
    with pytest.raises(PackageError, match="bytes zipped"):
        build(source, built.path)

    # Then
    assert list(built.path.parent.glob(".*")) == []
