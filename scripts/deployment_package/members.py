"""The files of a zip, ready to be written."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from zipfile import ZIP_DEFLATED, ZIP_STORED


@dataclass(frozen=True)
class Content:
    """A file as a zip contains it: its bytes, stored or deflated, and CRC-32 and size (bytes) of the plain ones."""

    data: bytes
    method: int
    crc: int
    size: int


@dataclass(frozen=True)
class Member:
    """One file for a zip: its plain size in bytes, and a function that reads it."""

    size: int
    read: Callable[[], Content]


def stored(data: bytes) -> Content:
    """Return plain bytes as an uncompressed file of a zip."""
    return Content(data, ZIP_STORED, zlib.crc32(data), len(data))


def deflated(member: Member) -> Member:
    """Return a stored member deflated; the bytes depend on this Python's zlib."""

    def read() -> Content:
        plain = member.read()
        compressor = zlib.compressobj(zlib.Z_BEST_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
        data = compressor.compress(plain.data) + compressor.flush()
        return Content(data, ZIP_DEFLATED, plain.crc, plain.size)

    return Member(member.size, read)
