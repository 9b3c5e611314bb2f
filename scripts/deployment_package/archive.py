"""Writes a zip whose bytes depend only on its files.

Order, times, modes and system are fixed. Files are stored, or deflated as they were in their wheel: deflating them here
would give other bytes with another zlib. See docs/decisions/the-zips-bytes.md.
"""

import stat
import struct
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipInfo

from scripts.deployment_package.errors import PackageError
from scripts.deployment_package.members import Content, Member

EARLIEST_DATE = (1980, 1, 1, 0, 0, 0)  # of a zip
DOS_DATE = 1 << 5 | 1  # the same, as the directory has it: month and day
UNIX = 3  # the system whose file modes the zip speaks
# All files are executable: Windows does not record which ones are programs, and Lambda must be able to run those.
MODE = stat.S_IFREG | 0o755
# PKWARE's APPNOTE.TXT, 4.3.12 and 4.3.16; the local header before each file is ZipInfo's.
DIRECTORY_ENTRY = struct.Struct("<4s4B4HL2L5H2L")
END_OF_DIRECTORY = struct.Struct("<4s4H2LH")
VERSION = 20  # 2.0: folders and deflate
UTF_8_NAME = 0x800
MOST_FILES = 0xFFFF  # without zip64


def write_zip(path: Path, members: Mapping[str, Member]) -> None:
    """Write the files, sorted by name. Raises OSError, and PackageError if they are too many for a zip."""
    if len(members) > MOST_FILES:
        raise PackageError(
            f"The package has {len(members):,} files, and a zip holds at most {MOST_FILES:,}.\n"
            "Leave out what the function does not need."
        )
    directory = b""
    with path.open("wb") as file:
        for name in sorted(members):  # by code point, which is the order of the UTF-8 bytes
            content = members[name].read()
            info = _info(name, content)
            info.header_offset = file.tell()
            file.write(info.FileHeader(zip64=False))
            file.write(content.data)
            directory += _directory_entry(info)
        start = file.tell()
        file.write(directory)
        count, size = len(members), len(directory)
        file.write(END_OF_DIRECTORY.pack(b"PK\5\6", 0, 0, count, count, size, start, 0))


def _info(name: str, content: Content) -> ZipInfo:
    info = ZipInfo(name, EARLIEST_DATE)
    info.compress_type, info.create_system, info.external_attr = content.method, UNIX, MODE << 16
    info.CRC, info.file_size, info.compress_size = content.crc, content.size, len(content.data)
    return info


def _directory_entry(info: ZipInfo) -> bytes:
    name = info.filename.encode()
    fixed = DIRECTORY_ENTRY.pack(
        b"PK\1\2",
        *(VERSION, UNIX, VERSION, 0),
        *(0 if info.filename.isascii() else UTF_8_NAME, info.compress_type, 0, DOS_DATE),
        *(info.CRC, info.compress_size, info.file_size),
        *(len(name), 0, 0, 0, 0),
        *(info.external_attr, info.header_offset),
    )
    return fixed + name
