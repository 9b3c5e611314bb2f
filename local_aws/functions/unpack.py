"""Unpacks a function's zip without trusting the names and sizes in it."""

import contextlib
import io
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

# "Lambda quotas", Deployment package: 250 MB unzipped, including layers.
UNZIPPED_LIMIT = 262_144_000
# Linux allows 255 bytes in a name and 4,096 in a path, half of which remain for the folder that a zip is unpacked to.
LONGEST_NAME = 255
LONGEST_PATH = 2048
CHUNK = 1 << 20


class BadZipError(Exception):
    """The uploaded bytes are not a zip that may be unpacked; the message is the reason."""


class UnzippedTooLargeError(BadZipError):
    """The zip's files are larger than Lambda allows; the message is Lambda's."""

    def __init__(self) -> None:
        super().__init__(f"Unzipped size must be smaller than {UNZIPPED_LIMIT} bytes")


def check_zip(code: bytes) -> int:
    """Check that the bytes are a zip that Lambda accepts; returns its unzipped size in bytes.

    Every file is read once and nothing is written. Raises UnzippedTooLargeError, and BadZipError for a broken zip,
    damaged or encrypted contents, a link, and a name that is empty, too long, both a file's and a folder's, or that
    leads out of the folder.
    """
    with _opened(code) as archive:
        members = archive.infolist()
        total = _check_members(members)
        left = UNZIPPED_LIMIT
        for member in members:
            if not member.is_dir():
                with _refused_as_bad(member):
                    left -= _copy(archive, member, Path(os.devnull), left)
        return total


def unpack(code: bytes, folder: Path) -> None:
    """Write all files of the zip to `folder`, with their permission bits in the zip.

    Raises BadZipError as `check_zip` does, before anything is written, or for damaged contents after some files are.
    """
    with _opened(code) as archive:
        members = archive.infolist()
        _check_members(members)
        folder.mkdir(parents=True, exist_ok=True)
        left = UNZIPPED_LIMIT
        for member in members:
            left -= _extract(archive, member, folder, left)


def _opened(code: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(code))
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise _refusal(str(error)) from error


def _check_members(members: list[zipfile.ZipInfo]) -> int:
    for member in members:
        _refuse_unsafe(member)
    _refuse_files_as_folders(members)
    total = sum(member.file_size for member in members)
    if total > UNZIPPED_LIMIT:
        raise UnzippedTooLargeError
    return total


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, limit: int) -> int:
    """Write one member; returns its size in bytes. Raises UnzippedTooLargeError once more than `limit` is written."""
    target = folder / member.filename
    with _refused_as_bad(member):
        if member.is_dir():
            target.mkdir(parents=True, exist_ok=True)
            return 0
        target.parent.mkdir(parents=True, exist_ok=True)
        written = _copy(archive, member, target, limit)
    if mode := stat.S_IMODE(member.external_attr >> 16):
        target.chmod(mode)
    return written


@contextlib.contextmanager
def _refused_as_bad(member: zipfile.ZipInfo) -> Iterator[None]:
    """Raise BadZipError if reading a member fails."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise _refusal(f"{member.filename!r} is damaged") from error
    except (RuntimeError, NotImplementedError) as error:
        # Encrypted, or compressed by a method that Python does not have.
        raise _refusal(str(error)) from error


def _copy(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, limit: int) -> int:
    written = 0
    with archive.open(member) as packed, target.open("wb") as file:
        while chunk := packed.read(CHUNK):
            written += len(chunk)
            if written > limit:
                raise UnzippedTooLargeError
            file.write(chunk)
    return written


def _refuse_unsafe(member: zipfile.ZipInfo) -> None:
    name = member.filename
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name:
        raise _refusal(f"{name!r} leads out of the function's folder")
    if not path.parts and not name.endswith("/"):
        raise _refusal("it holds a file without a name")
    if len(name.encode()) > LONGEST_PATH or any(len(p.encode()) > LONGEST_NAME for p in path.parts):
        raise _refusal(f"the name {name[:40]!r}... is too long")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise _refusal(f"{name!r} is a symbolic link")


def _refuse_files_as_folders(members: list[zipfile.ZipInfo]) -> None:
    files = {PurePosixPath(member.filename) for member in members if not member.is_dir()}
    for member in members:
        path = PurePosixPath(member.filename)
        folders = {*path.parents, path} if member.is_dir() else set(path.parents)
        if files & folders:
            raise _refusal(f"{member.filename!r} is both a file and a folder")


def _refusal(reason: str) -> BadZipError:
    return BadZipError(f"Could not unzip uploaded file: {reason}.")
