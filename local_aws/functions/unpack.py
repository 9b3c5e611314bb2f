"""Unpacks a function's zip without trusting the names and sizes in it."""

import io
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

# "Lambda quotas", Deployment package: 250 MB unzipped, layers included.
UNZIPPED_LIMIT = 262_144_000
# Linux allows 255 bytes in a name and 4,096 in a path; half of that is left for the folder a zip is unpacked in.
LONGEST_NAME = 255
LONGEST_PATH = 2048
CHUNK = 1 << 20


class BadZipError(Exception):
    """The uploaded bytes are not a zip that may be unpacked; the message gives the reason."""


class UnzippedTooLargeError(BadZipError):
    """The zip's files are larger than Lambda allows; the message is Lambda's."""

    def __init__(self) -> None:
        super().__init__(f"Unzipped size must be smaller than {UNZIPPED_LIMIT} bytes")


def check_zip(code: bytes) -> int:
    """Check that the bytes are a zip that Lambda would take; returns its unzipped size in bytes.

    Nothing is unpacked: the sizes are those that the zip states. Raises BadZipError for a broken zip, a link, a name
    that is empty, too long or leads out of the folder, and UnzippedTooLargeError.
    """
    with _opened(code) as archive:
        return _check_members(archive.infolist())


def unpack(code: bytes, folder: Path) -> None:
    """Write every file of the zip below `folder`, with the permission bits it was packed with.

    Raises BadZipError as `check_zip` does, before anything is written; for damaged contents some files may have been.
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
    total = sum(member.file_size for member in members)
    if total > UNZIPPED_LIMIT:
        raise UnzippedTooLargeError
    return total


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, limit: int) -> int:
    """Write one member; returns its size in bytes. Raises UnzippedTooLargeError once more than `limit` is written."""
    target = folder / member.filename
    try:
        if member.is_dir():
            target.mkdir(parents=True, exist_ok=True)
            return 0
        target.parent.mkdir(parents=True, exist_ok=True)
        written = _copy(archive, member, target, limit)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise _refusal(f"{member.filename!r} is damaged") from error
    except (IsADirectoryError, NotADirectoryError, FileExistsError) as error:
        raise _refusal(f"{member.filename!r} is both a file and a folder") from error
    except (RuntimeError, NotImplementedError) as error:
        # Encrypted, or compressed by a method that Python does not have.
        raise _refusal(str(error)) from error
    if mode := stat.S_IMODE(member.external_attr >> 16):
        target.chmod(mode)
    return written


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


def _refusal(reason: str) -> BadZipError:
    return BadZipError(f"Could not unzip uploaded file: {reason}.")
