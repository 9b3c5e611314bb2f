"""Zips the function's folder: from the same files the same bytes, on every machine.

Whatever differs between machines is fixed (order, times, modes, system) or left out (caches). Files are stored, not
compressed: zlib's output changes with its version, and Lambda unpacks the zip anyway. The cost is size: Lambda's limit
on the zip then falls on the plain bytes.
"""

import base64
import dataclasses
import hashlib
import os
import stat
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.deployment_package import vendor
from scripts.deployment_package.errors import PackageError
from scripts.project.paths import FUNCTION, ZIP

# "Lambda quotas" (AWS Lambda Developer Guide), deployment package size
ZIPPED_LIMIT = 50 * 1024 * 1024
UNZIPPED_LIMIT = 250 * 1024 * 1024

LEFT_OUT = (
    ".*",  # dot files: .git, .env, .DS_Store, .mypy_cache, an editor's .swp
    "__pycache__",
    "*.pyc",
    "tests",  # pytest's names
    "test_*.py",
    "*_test.py",
    "conftest.py",
    "*~",  # backups of Emacs, Vim and nano
    "#*#",  # Emacs's unsaved changes
    "Thumbs.db",  # written by Windows Explorer
    "desktop.ini",
)
REQUIREMENTS = "requirements.txt"  # for this script, so not in the zip

EARLIEST_DATE = (1980, 1, 1, 0, 0, 0)  # of a zip
UNIX = 3  # the system whose file modes the zip speaks
# Executable, every one: Windows cannot say which file is a program, and Lambda needs to run those.
MODE = stat.S_IFREG | 0o755


@dataclasses.dataclass(frozen=True)
class Package:
    """A zip on disk: absolute path, size in bytes, SHA-256, and the files in it, in its order.

    `sha256_base64` is Terraform's `filebase64sha256` and Lambda's `CodeSha256`.
    """

    path: Path
    size: int
    sha256: str
    sha256_base64: str
    files: tuple[str, ...]


def build(
    source: Path = FUNCTION,
    output: Path = ZIP,
    architecture: str = vendor.DEFAULT_ARCHITECTURE,
    python_version: str = vendor.DEFAULT_PYTHON,
) -> Package:
    """Zip `source` into `output`, replacing it in one step or not at all.

    If `source` holds a requirements.txt that names packages, their wheels for `architecture`
    (`arm64` or `x86_64`) and `python_version` (`3.13`) are added beside the function's own files.
    Lambda's limits are checked as "Lambda quotas" (AWS Lambda Developer Guide) states them.
    Raises PackageError.
    """
    source, output = source.resolve(), output.resolve()
    if output.is_relative_to(source):
        raise PackageError(
            f"{output} is inside the folder it is made from, {source}.\n"
            "Name a place outside of it with --output."
        )
    runtime = vendor.Runtime(architecture, python_version)
    with ExitStack() as stack:
        members = _own_members(source)
        folder = Path(stack.enter_context(TemporaryDirectory()))
        wheels = vendor.download(source / REQUIREMENTS, runtime, folder)
        opened = [stack.enter_context(zipfile.ZipFile(wheel)) for wheel in wheels]
        vendored = vendor.members(opened)
        clashes = sorted(members.keys() & vendored.keys())
        if clashes:
            raise PackageError(
                f"{source / clashes[0]} has the name of a file that {REQUIREMENTS} brings.\n"
                "Rename it."
            )
        return _write(members | vendored, output)


def _own_members(source: Path) -> dict[str, vendor.Member]:
    """Return the function's own files by their name in the zip."""
    if not os.path.isdir(source):  # noqa: PTH112 - Path.is_dir raises below a locked folder
        raise PackageError(
            f"{source} is not a folder you can read.\nName the function's folder with --source."
        )
    members: dict[str, vendor.Member] = {}
    for path in _walk(source):
        name = _name_in_zip(path, source)
        if name in members:
            raise PackageError(f"Two files differ only in how {path} is encoded.\nRename one.")
        members[name] = vendor.Member(_lstat(path).st_size, partial(_read, path))
    if not any(name.endswith(".py") for name in members):
        raise PackageError(
            f"{source} holds no .py file to run.\nName the function's folder with --source."
        )
    return members


def _walk(source: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise _unreadable(error.filename, error) from error

    for folder, folders, files in os.walk(source, onerror=refuse):
        folders[:] = [name for name in folders if not _is_left_out(name)]
        kept = [name for name in files if not _is_left_out(name)]
        for path in (Path(folder, name) for name in [*folders, *kept]):
            mode = _lstat(path).st_mode
            if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
                raise PackageError(
                    f"{path} is a link or a special file, which not every system can check out.\n"
                    "Put the file itself in its place."
                )
            if stat.S_ISREG(mode) and path != source / REQUIREMENTS:
                yield path


def _is_left_out(name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in LEFT_OUT)


def _name_in_zip(path: Path, source: Path) -> str:
    """Return a path as UTF-8 whatever the locale, composed (NFC): macOS may hand it decomposed."""
    try:
        name = os.fsencode(path.relative_to(source).as_posix()).decode("utf-8")
    except UnicodeDecodeError as error:
        raise PackageError(f"The name {str(path)!r} is not UTF-8.\nRename the file.") from error
    return unicodedata.normalize("NFC", name)


def _lstat(path: Path) -> os.stat_result:
    try:
        return path.lstat()
    except OSError as error:
        raise _unreadable(path, error) from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path | str, error: OSError) -> PackageError:
    return PackageError(f"Cannot read {path}: {error.strerror}.\nGive yourself read access to it.")


def _write(members: Mapping[str, vendor.Member], output: Path) -> Package:
    _check_size("unzipped", sum(member.size for member in members.values()), UNZIPPED_LIMIT)
    temporary = output.with_name(f".{output.name}.{os.getpid()}")
    names = tuple(sorted(members))  # by code point, which is the order of the UTF-8 bytes
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        try:
            with zipfile.ZipFile(temporary, "w") as archive:
                for name in names:
                    archive.writestr(_header(name), members[name].read())
            size = temporary.stat().st_size
            _check_size("zipped", size, ZIPPED_LIMIT)
            with temporary.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").digest()
            temporary.replace(output)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise PackageError(
            f"Cannot write {output}: {error.strerror}.\nName another place with --output."
        ) from error
    return Package(output, size, digest.hex(), base64.b64encode(digest).decode(), names)


def _header(name: str) -> zipfile.ZipInfo:
    header = zipfile.ZipInfo(name, EARLIEST_DATE)
    header.compress_type = zipfile.ZIP_STORED
    header.create_system = UNIX
    header.external_attr = MODE << 16
    return header


def _check_size(state: str, size: int, limit: int) -> None:
    if size > limit:
        raise PackageError(
            f"The package is {size:,} bytes {state}, and Lambda takes at most {limit:,}.\n"
            "Leave out what the function does not need; boto3 is in Lambda's runtime already."
        )
