"""What is not packaged, and the error for it."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts import package
from scripts.deployment_package import build as build_module
from scripts.deployment_package.build import build
from scripts.deployment_package.errors import PackageError
from scripts.deployment_package.packaged import Package
from tests.support.packaged import run, untouched, write

needs_permissions = pytest.mark.skipif(
    os.geteuid() == 0 and not shutil.which("setpriv"),
    reason="root reads and writes everything, and setpriv is missing to stop it",
)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (shutil.rmtree, "is not a folder you can read"),
        (lambda source: (source / "app.py").unlink(), "holds no .py file"),
        (lambda source: (source / "link.py").symlink_to("app.py"), "link.py is a link"),
        (lambda source: (source / "link").symlink_to("data"), "link is a link"),
        (lambda source: os.mkfifo(source / "pipe"), "a special file"),
        (lambda source: write(source / os.fsdecode(b"caf\xe9.txt")), "is not UTF-8"),
        (lambda source: write(source / "café", source / "cafe\u0301"), "differ only in how"),
    ],
    ids=["missing", "no-python", "link", "link-to-folder", "pipe", "not-utf-8", "two-encodings"],
)
def test_a_folder_that_cannot_be_packaged_is_refused(
    source: Path,
    built: Package,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[Path], object],
    message: str,
) -> None:
    # Given
    spoil(source)

    # When
    status = package.main(["--source", str(source), "--output", str(built.path)])

    # Then
    output = capsys.readouterr()
    assert (status, output.out) == (1, "")
    assert message in output.err
    assert output.err.count("\n") == 2
    assert untouched(built)


@needs_permissions
@pytest.mark.parametrize("locked", ["app.py", "data"])
def test_what_cannot_be_read_is_refused(source: Path, built: Package, locked: str) -> None:
    # Given
    (source / locked).chmod(0)

    # When
    done = run("--source", source, "--output", built.path)
    (source / locked).chmod(0o700)

    # Then
    assert done.returncode == 1
    assert done.stderr.startswith(f"package: Cannot read {source / locked}: Permission denied.")
    assert done.stderr.count("\n") == 2
    assert untouched(built)


@needs_permissions
@pytest.mark.parametrize("output", ["file/function.zip", "folder", "locked/function.zip"])
def test_what_cannot_be_written_is_refused(tmp_path: Path, source: Path, output: str) -> None:
    # Given
    write(tmp_path / "file")
    (tmp_path / "folder").mkdir()
    (tmp_path / "locked").mkdir(mode=0o500)
    before = sorted(tmp_path.rglob("*"))

    # When
    done = run("--source", source, "--output", tmp_path / output)

    # Then
    assert done.returncode == 1
    assert done.stderr.startswith(f"package: Cannot write {tmp_path / output}: ")
    assert done.stderr.count("\n") == 2
    assert sorted(tmp_path.rglob("*")) == before


def test_an_output_inside_the_source_is_refused(source: Path) -> None:
    # When
    done = run("--source", source, "--output", source / "data" / ".." / "function.zip")

    # Then
    assert (done.returncode, (source / "function.zip").exists()) == (1, False)
    assert "is inside the folder it is made from" in done.stderr


@pytest.mark.parametrize(
    ("option", "value"), [("--architecture", "mips"), ("--python-version", "three")]
)
def test_a_wrong_option_is_bad_use(option: str, value: str) -> None:
    # When
    done = run(option, value)

    # Then
    assert done.returncode == 2
    assert f"argument {option}: " in done.stderr


@pytest.mark.parametrize(
    ("size", "message"),
    [
        (52_428_800, "bytes zipped, and Lambda takes at most 52,428,800."),
        (262_144_000, "262,144,054 bytes unzipped, and Lambda takes at most 262,144,000."),
    ],
)
def test_a_zip_over_lambdas_limits_is_refused(
    source: Path, built: Package, size: int, message: str
) -> None:
    # Given
    with (source / "data.bin").open("wb") as file:
        if size < 100_000_000:
            file.write(os.urandom(size))  # which does not compress
        else:
            file.truncate(size)  # sparse: it takes no room on the disk

    # When
    with pytest.raises(PackageError) as refused:
        build(source, built.path)

    # Then
    assert message in str(refused.value)
    assert untouched(built)


def test_a_zip_exactly_at_lambdas_limits_is_made(
    source: Path, built: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    unzipped = sum((source / name).stat().st_size for name in built.files)
    monkeypatch.setattr(build_module, "ZIPPED_LIMIT", built.size)
    monkeypatch.setattr(build_module, "UNZIPPED_LIMIT", unzipped)

    # When
    again = build(source, built.path)

    # Then
    assert again == built
