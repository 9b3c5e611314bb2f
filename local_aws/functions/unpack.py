"""Unpacks a function's zip without trusting the names in it."""

import io
import stat
import zipfile
from pathlib import Path, PurePosixPath


class BadZipError(Exception):
    """The uploaded bytes are not a zip that may be unpacked; the message says why."""


def unpack(code: bytes, folder: Path) -> None:
    """Write every file of the zip below `folder`, with the permission bits it was packed with.

    Raises BadZipError, before anything is written, for a broken zip, a link, or a name that leads out of the folder.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(code))
        broken = archive.testzip()
    except (
        zipfile.BadZipFile,
        RuntimeError,
        NotImplementedError,
    ) as error:  # the last two: encrypted, or a method unknown
        raise BadZipError(f"Could not unzip uploaded file: {error}.") from error
    if broken:
        raise BadZipError(f"Could not unzip uploaded file: {broken!r} is damaged.")
    with archive:
        members = archive.infolist()
        for member in members:
            _refuse_unsafe(member)
        folder.mkdir(parents=True, exist_ok=True)
        for member in members:
            written = Path(archive.extract(member, folder))
            mode = stat.S_IMODE(member.external_attr >> 16)
            if mode and not member.is_dir():
                written.chmod(mode)


def _refuse_unsafe(member: zipfile.ZipInfo) -> None:
    path = PurePosixPath(member.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in member.filename:
        raise BadZipError(
            f"Could not unzip uploaded file: {member.filename!r} leads out of the function's folder."
        )
    if stat.S_ISLNK(member.external_attr >> 16):
        raise BadZipError(f"Could not unzip uploaded file: {member.filename!r} is a symbolic link.")
