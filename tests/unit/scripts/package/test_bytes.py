"""The same files make the same zip, whatever machine, person or Python makes it."""

import hashlib
import json
import os
import stat
import subprocess
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from scripts import package
from scripts.deployment_package.build import build
from tests.support.pythons import other_pythons

FILES = {
    "app.py": b"def handler(event, context):\n    return {}\n",
    "data/names.txt": "Rosínante\r\n".encode(),
    "data.txt": b"sorts before data/names.txt: a dot comes before a slash\n",
    "café.py": b"",
    "Zebra.py": b"x = 1\n",
}
GOLDEN_SHA256 = "af2fbbb48b46b200a26832979e898fc209894fcff07cbe1c7ccc1a442f31312c"


def make_source(folder: Path, names: Iterable[str] = FILES) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(FILES[name])
    return folder


def sha256_under(
    source: Path, interpreter: str = sys.executable, environment: dict[str, str] | None = None
) -> str:
    """Package in a process of its own."""
    output = str(source.with_suffix(".zip"))
    done = subprocess.run(
        [interpreter, package.__file__, "--source", str(source), "--output", output, "--json"],
        capture_output=True,
        check=True,
        env=os.environ | (environment or {}),
    )
    return str(json.loads(done.stdout)["sha256"])


def test_known_files_make_a_known_zip(tmp_path: Path) -> None:
    # Given
    source = make_source(tmp_path / "function")

    # When
    built = build(source, tmp_path / "function.zip")

    # Then
    assert built.sha256 == GOLDEN_SHA256
    assert hashlib.sha256(built.path.read_bytes()).hexdigest() == GOLDEN_SHA256


@pytest.mark.parametrize("umask", ["000", "022", "077"])
def test_the_umask_does_not_matter(tmp_path: Path, umask: str) -> None:
    # Given
    before = os.umask(int(umask, 8))
    try:
        source = make_source(tmp_path / "function")

        # When
        built = build(source, tmp_path / "function.zip")
    finally:
        os.umask(before)

    # Then
    assert built.sha256 == GOLDEN_SHA256
    assert stat.S_IMODE(built.path.stat().st_mode) == 0o666 & ~int(umask, 8)


@pytest.mark.parametrize("checkout", ["a", "a/deep er/päth", ".hidden/tests/__pycache__"])
def test_the_checkout_path_does_not_matter(tmp_path: Path, checkout: str) -> None:
    # Given
    source = make_source(tmp_path / checkout / "function")

    # When
    built = build(source, tmp_path / "function.zip")

    # Then
    assert built.sha256 == GOLDEN_SHA256


@pytest.mark.parametrize("year", [1970, 1980, 2026, 2128])
def test_file_times_do_not_matter(tmp_path: Path, year: int) -> None:
    # Given
    source = make_source(tmp_path / "function")
    seconds = (year - 1970) * 365 * 86_400
    for path in [*source.rglob("*"), source]:
        os.utime(path, (seconds, seconds))

    # When
    built = build(source, tmp_path / "function.zip")

    # Then
    assert built.sha256 == GOLDEN_SHA256


@pytest.mark.parametrize("mode", ["400", "644", "755", "777"])
def test_file_modes_do_not_matter(tmp_path: Path, mode: str) -> None:
    # Given
    source = make_source(tmp_path / "function")
    for name in FILES:
        (source / name).chmod(int(mode, 8))

    # When
    built = build(source, tmp_path / "function.zip")

    # Then
    assert built.sha256 == GOLDEN_SHA256


@pytest.mark.parametrize("backwards", [False, True])
def test_the_order_of_files_on_disk_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backwards: bool
) -> None:
    # Given a file system with its own order: a mock, for this machine's has only one
    source = make_source(tmp_path / "function", sorted(FILES, reverse=backwards))
    real_walk = os.walk

    def walk(
        top: Path, onerror: Callable[[OSError], object]
    ) -> Iterator[tuple[str, list[str], list[str]]]:
        for folder, folders, files in real_walk(str(top), onerror=onerror):
            folders.sort(reverse=backwards)
            files.sort(reverse=backwards)
            yield folder, folders, files

    monkeypatch.setattr(os, "walk", walk)

    # When
    built = build(source, tmp_path / "function.zip")

    # Then
    assert built.sha256 == GOLDEN_SHA256
    assert built.files == ("Zebra.py", "app.py", "café.py", "data.txt", "data/names.txt")


def test_the_zlib_version_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a zlib that compresses to other bytes: a mock, for a Python has only one zlib
    compressobj = zlib.compressobj
    monkeypatch.setattr(zlib, "compressobj", lambda *_: compressobj(0, zlib.DEFLATED, -9))
    source = make_source(tmp_path / "function")

    # When
    built = build(source, tmp_path / "function.zip")

    # Then
    assert built.sha256 == GOLDEN_SHA256


def test_windows_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given what zipfile asks about the system: a mock, for this is not Windows
    source = make_source(tmp_path / "function")
    monkeypatch.setattr(sys, "platform", "win32")
    assert zipfile.ZipInfo("any").create_system == 0

    # When
    built = build(source, tmp_path / "function.zip")

    # Then
    assert built.sha256 == GOLDEN_SHA256


def test_a_name_decomposed_as_macos_may_do_does_not_matter(tmp_path: Path) -> None:
    # Given
    source = make_source(tmp_path / "function")
    (source / "café.py").rename(source / unicodedata.normalize("NFD", "café.py"))

    # When
    built = build(source, tmp_path / "function.zip")

    # Then
    assert built.sha256 == GOLDEN_SHA256


@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"},
        {"TZ": "Pacific/Pago_Pago", "PYTHONHASHSEED": "4242"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    ],
    ids=["east", "west", "ASCII"],
)
def test_time_zone_hash_seed_and_locale_do_not_matter(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    # Given
    source = make_source(tmp_path / "function")

    # When
    sha256 = sha256_under(source, environment=environment)

    # Then
    assert sha256 == GOLDEN_SHA256


def test_the_python_version_does_not_matter(tmp_path: Path) -> None:
    # Given
    pythons = [path for minor, path in other_pythons().items() if minor >= 11]
    if not pythons:
        pytest.skip("this machine has no other Python 3.11+")
    source = make_source(tmp_path / "function")

    # When
    hashes = {python: sha256_under(source, python) for python in pythons}

    # Then
    assert hashes == dict.fromkeys(pythons, GOLDEN_SHA256)
