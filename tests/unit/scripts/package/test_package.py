"""The contents of the zip, and what the packager reports."""

import base64
import hashlib
import json
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from scripts.deployment_package.build import build
from scripts.deployment_package.errors import PackageError
from scripts.deployment_package.packaged import Package
from scripts.project.paths import ROOT
from tests.support.packaged import run, untouched, write


def test_caches_and_editors_leavings_are_left_out_silently(tmp_path: Path) -> None:
    # Given
    unwanted = [
        *("__pycache__/app.cpython-313.pyc", "lib/__pycache__/x.pyc", "old.pyc"),
        *(".mypy_cache/3.13/app.json", ".git/HEAD", ".app.py.swp", "lib/.DS_Store", "lib/._x.py"),
        *("app.py~", "#app.py#", ".#app.py", "Thumbs.db", "desktop.ini", "requirements.txt"),
    ]
    write(*(tmp_path / "function" / name for name in ["app.py", *unwanted]))

    # When
    built = build(tmp_path / "function", tmp_path / "function.zip")

    # Then
    assert built.files == ("app.py",)
    assert built.notes() == []


def test_tests_and_hidden_files_are_left_out_and_listed(tmp_path: Path) -> None:
    # Given
    unwanted = [
        *(".env", "lib/.netrc", ".aws/credentials"),
        *("tests/app.py", "test_app.py", "lib/test_x.py", "conftest.py"),
    ]
    write(*(tmp_path / "function" / name for name in ["app.py", "lib/x.py", *unwanted]))

    # When
    done = run("--source", tmp_path / "function", "--output", tmp_path / "function.zip")

    # Then
    with zipfile.ZipFile(tmp_path / "function.zip") as archive:
        assert archive.namelist() == ["app.py", "lib/x.py"]
    assert done.stderr == (
        "Left out as tests or hidden files: "
        ".aws/, .env, conftest.py, lib/.netrc, lib/test_x.py, test_app.py, tests/.\n"
    )


def test_what_only_looks_like_a_test_is_packaged(tmp_path: Path) -> None:
    # Given
    wanted = [
        *(".well-known/security.txt", "ab_test.py", "app.py", "lib/contest.py"),
        *("quiz/tests/1.json", "testing/__init__.py"),
    ]
    write(*(tmp_path / "function" / name for name in wanted))

    # When
    built = build(tmp_path / "function", tmp_path / "function.zip")

    # Then
    assert list(built.files) == wanted
    assert built.notes() == []


def test_files_are_stored_as_they_are_and_can_be_run(built: Package) -> None:
    # When
    with zipfile.ZipFile(built.path) as archive:
        data = {info.filename: archive.read(info) for info in archive.infolist()}
        modes = {info.external_attr >> 16 for info in archive.infolist()}

    # Then
    assert data["data/names.txt"] == b"Shadowfax\r\n"
    assert tuple(data) == built.files
    assert modes == {stat.S_IFREG | 0o755}


def test_the_package_describes_the_file_on_disk(built: Package) -> None:
    # When
    data = built.path.read_bytes()

    # Then
    digest = hashlib.sha256(data).digest()
    assert (built.size, built.sha256) == (len(data), digest.hex())
    assert base64.b64decode(built.sha256_base64) == digest


def test_the_command_prints_path_size_and_both_forms_of_the_hash(
    source: Path, built: Package
) -> None:
    # When
    done = run("--source", source, "--output", built.path)

    # Then
    assert (done.returncode, done.stderr) == (0, "")
    for figure in (built.path, f"{built.size:,} bytes", built.sha256, built.sha256_base64):
        assert str(figure) in done.stdout


def test_json_holds_every_field(source: Path, built: Package) -> None:
    # When
    printed = json.loads(run("--source", source, "--output", built.path, "--json").stdout)

    # Then
    path = Path(printed.pop("path"))
    for name in ("files", "wheels", "left_out"):
        printed[name] = tuple(printed[name])
    assert Package(path, **printed) == built


def test_paths_default_to_the_scripts_own_repository(
    tmp_path: Path, source: Path, built: Package
) -> None:
    # Given a repository elsewhere, and a working directory outside of it
    repository = tmp_path / "repository"
    for name in ("local_aws", "scripts"):
        shutil.copytree(ROOT / name, repository / name)
    shutil.copytree(source, repository / "function")
    (repository / "main.tf").write_text('locals {\n  zip = "build/function.zip"\n}\n')

    # When
    command = [sys.executable, str(repository / "scripts" / "package.py")]
    subprocess.run(command, capture_output=True, check=True, cwd=tmp_path)

    # Then
    assert (repository / "build" / "function.zip").read_bytes() == built.path.read_bytes()


def test_paths_given_are_relative_to_the_working_directory(
    tmp_path: Path, source: Path, built: Package
) -> None:
    # When
    done = run("--source", source.name, "--output", "new/folder/f.zip", cwd=tmp_path)

    # Then
    assert done.returncode == 0
    assert (tmp_path / "new" / "folder" / "f.zip").read_bytes() == built.path.read_bytes()


def test_a_reader_of_the_old_zip_can_finish(source: Path, built: Package) -> None:
    # Given
    old = built.path.read_bytes()
    with built.path.open("rb") as reader:
        # When
        write(source / "app.py", data=b"x = 1\n")
        build(source, built.path)

        # Then
        assert reader.read() == old
    assert built.path.read_bytes() != old


@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), OSError(28, "No space left")])
def test_an_interrupted_write_leaves_the_old_zip_and_nothing_else(
    source: Path,
    built: Package,
    monkeypatch: pytest.MonkeyPatch,
    interruption: BaseException,
) -> None:
    # Given an end in the middle of the write: a mock, for the write takes a millisecond
    def interrupted(*_: object, **__: object) -> None:
        raise interruption

    monkeypatch.setattr(zipfile.ZipInfo, "FileHeader", interrupted)

    # When
    with pytest.raises((KeyboardInterrupt, PackageError)):
        build(source, built.path)

    # Then
    assert untouched(built)
