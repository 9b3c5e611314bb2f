"""What the zip holds, what the caller is told, and what is refused."""

import base64
import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import package


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A small function's folder."""
    folder = tmp_path / "function"
    write(folder / "app.py", data=b"def handler(event, context):\n    return {}\n")
    write(folder / "data" / "names.txt", data=b"Shadowfax\r\n")
    return folder


@pytest.fixture
def built(source: Path, tmp_path: Path) -> package.Package:
    """That folder's zip, alone in a folder of its own."""
    return package.build(source, tmp_path / "build" / "function.zip")


def write(*paths: Path, data: bytes = b"") -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def untouched(built: package.Package) -> bool:
    """Whether the zip is as it was built, and nothing lies beside it."""
    digest = hashlib.sha256(built.path.read_bytes()).hexdigest()
    return (digest, [*built.path.parent.iterdir()]) == (built.sha256, [built.path])


def run(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the script in a process of its own, root without root's pass to every file."""
    command = [sys.executable, package.__file__, *map(str, arguments)]
    if os.geteuid() == 0 and shutil.which("setpriv"):
        command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)


needs_permissions = pytest.mark.skipif(
    os.geteuid() == 0 and not shutil.which("setpriv"),
    reason="root reads and writes everything, and there is no setpriv to stop it",
)


def test_caches_tests_dot_files_and_editors_leavings_are_left_out(tmp_path: Path) -> None:
    # Given
    wanted = ["app.py", "lib/contest.py", "testing/__init__.py"]
    unwanted = [
        *("__pycache__/app.cpython-313.pyc", "lib/__pycache__/x.pyc", "old.pyc"),
        *(".mypy_cache/3.13/app.json", ".env", ".git/HEAD", ".app.py.swp", "lib/.DS_Store"),
        *("tests/app.py", "lib/tests/x.json", "test_app.py", "lib/test_x.py", "conftest.py"),
        *("app.py~", "#app.py#", "Thumbs.db", "desktop.ini", "requirements.txt"),
    ]
    write(*(tmp_path / "function" / name for name in [*wanted, *unwanted]))

    # When
    built = package.build(tmp_path / "function", tmp_path / "function.zip")

    # Then
    assert list(built.files) == wanted


def test_files_are_stored_as_they_are_and_can_be_run(built: package.Package) -> None:
    # When
    with zipfile.ZipFile(built.path) as archive:
        data = {info.filename: archive.read(info) for info in archive.infolist()}
        modes = {info.external_attr >> 16 for info in archive.infolist()}

    # Then
    assert data["data/names.txt"] == b"Shadowfax\r\n"
    assert tuple(data) == built.files
    assert modes == {stat.S_IFREG | 0o755}


def test_the_package_describes_the_file_on_disk(built: package.Package) -> None:
    # When
    data = built.path.read_bytes()

    # Then
    digest = hashlib.sha256(data).digest()
    assert (built.size, built.sha256) == (len(data), digest.hex())
    assert base64.b64decode(built.sha256_base64) == digest


def test_the_command_prints_path_size_and_both_forms_of_the_hash(
    source: Path, built: package.Package
) -> None:
    # When
    done = run("--source", source, "--output", built.path)

    # Then
    assert (done.returncode, done.stderr) == (0, "")
    for figure in (built.path, f"{built.size:,} bytes", built.sha256, built.sha256_base64):
        assert str(figure) in done.stdout


def test_json_holds_every_field(source: Path, built: package.Package) -> None:
    # When
    told = json.loads(run("--source", source, "--output", built.path, "--json").stdout)

    # Then
    built_again = package.Package(Path(told.pop("path")), files=tuple(told.pop("files")), **told)
    assert built_again == built


def test_paths_default_to_the_scripts_own_repository(
    tmp_path: Path, source: Path, built: package.Package
) -> None:
    # Given a repository elsewhere, and a working directory outside of it
    repository = tmp_path / "repository"
    (repository / "scripts").mkdir(parents=True)
    for script in Path(package.__file__).parent.glob("*.py"):
        shutil.copy(script, repository / "scripts")
    shutil.copytree(source, repository / "function")

    # When
    command = [sys.executable, str(repository / "scripts" / "package.py")]
    subprocess.run(command, capture_output=True, check=True, cwd=tmp_path)

    # Then
    assert (repository / "build" / "function.zip").read_bytes() == built.path.read_bytes()


def test_paths_given_are_relative_to_the_working_directory(
    tmp_path: Path, source: Path, built: package.Package
) -> None:
    # When
    done = run("--source", source.name, "--output", "new/folder/f.zip", cwd=tmp_path)

    # Then
    assert done.returncode == 0
    assert (tmp_path / "new" / "folder" / "f.zip").read_bytes() == built.path.read_bytes()


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
    built: package.Package,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[Path], object],
    message: str,
) -> None:
    # Given
    spoil(source)

    # When
    status = package.main(["--source", str(source), "--output", str(built.path)])

    # Then
    told = capsys.readouterr()
    assert (status, told.out) == (1, "")
    assert message in told.err
    assert told.err.count("\n") == 2
    assert untouched(built)


@needs_permissions
@pytest.mark.parametrize("locked", ["app.py", "data"])
def test_what_cannot_be_read_is_refused(source: Path, built: package.Package, locked: str) -> None:
    # Given
    (source / locked).chmod(0)

    # When
    done = run("--source", source, "--output", built.path)
    (source / locked).chmod(0o700)

    # Then
    assert done.returncode == 1
    assert done.stderr.startswith(f"package.py: Cannot read {source / locked}: Permission denied.")
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
    assert done.stderr.startswith(f"package.py: Cannot write {tmp_path / output}: ")
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
    source: Path, built: package.Package, size: int, message: str
) -> None:
    # Given
    with (source / "zeros").open("wb") as file:
        file.truncate(size)  # sparse: it takes no room on the disk

    # When
    with pytest.raises(package.PackageError) as refused:
        package.build(source, built.path)

    # Then
    assert message in str(refused.value)
    assert untouched(built)


def test_a_zip_exactly_at_lambdas_limits_is_made(
    source: Path, built: package.Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    unzipped = sum((source / name).stat().st_size for name in built.files)
    monkeypatch.setattr(package, "ZIPPED_LIMIT", built.size)
    monkeypatch.setattr(package, "UNZIPPED_LIMIT", unzipped)

    # When
    again = package.build(source, built.path)

    # Then
    assert again == built


def test_whoever_reads_the_old_zip_can_finish(source: Path, built: package.Package) -> None:
    # Given
    old = built.path.read_bytes()
    with built.path.open("rb") as reader:
        # When
        write(source / "app.py", data=b"x = 1\n")
        package.build(source, built.path)

        # Then
        assert reader.read() == old
    assert built.path.read_bytes() != old


@pytest.mark.parametrize(
    ("interruption", "expected"), [(KeyboardInterrupt(), 130), (OSError(28, "No space left"), 1)]
)
def test_an_interrupted_write_leaves_the_old_zip_and_nothing_else(
    source: Path,
    built: package.Package,
    monkeypatch: pytest.MonkeyPatch,
    interruption: BaseException,
    expected: int,
) -> None:
    # Given an end in the middle of the write: a mock, for the write takes a millisecond
    def interrupted(*_: object) -> None:
        raise interruption

    monkeypatch.setattr(zipfile.ZipFile, "writestr", interrupted)

    # When
    status = package.main(["--source", str(source), "--output", str(built.path)])

    # Then
    assert status == expected
    assert untouched(built)
