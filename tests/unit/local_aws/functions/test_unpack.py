"""A zip is refused for what AWS refuses it for, before it fills the disk."""

import io
import stat
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from local_aws.functions import unpack as unpacking
from local_aws.functions.unpack import (
    UNZIPPED_LIMIT,
    BadZipError,
    UnzippedTooLargeError,
    check_zip,
    unpack,
)


def zip_of(members: Iterable[tuple[str, bytes]]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as content:
        for name, data in members:
            content.writestr(name, data)
    return archive.getvalue()


def nameless() -> bytes:
    """Return a zip whose one file has an empty name: both of its headers then state a length of 0."""
    code = zip_of([("x", b"")])
    local, central = code.index(b"PK\x03\x04"), code.index(b"PK\x01\x02")
    end = code.index(b"PK\x05\x06")
    local_header = bytearray(code[local : local + 30])
    central_header = bytearray(code[central : central + 46])
    local_header[26:28] = central_header[28:30] = b"\0\0"
    body = code[local + 31 : central]
    tail = bytearray(code[end:])
    start = len(local_header) + len(body)
    tail[12:16] = len(central_header).to_bytes(4, "little")
    tail[16:20] = start.to_bytes(4, "little")
    return bytes(local_header) + body + bytes(central_header) + bytes(tail)


BAD = {
    "no zip": b"not a zip",
    "no name": nameless(),
    "2,500 nested folders": zip_of([("d/" * 2500 + "x.py", b"")]),
    "a long name": zip_of([("n" * 300, b"")]),
    "outside": zip_of([("../outside.py", b"")]),
    "absolute": zip_of([("/etc/outside.py", b"")]),
}


@pytest.mark.parametrize("code", BAD.values(), ids=BAD)
def test_an_unusable_zip_is_refused_and_nothing_is_written(code: bytes, tmp_path: Path) -> None:
    # Given a zip that must not be unpacked
    # When it is checked, or unpacked
    # Then both refuse it
    with pytest.raises(BadZipError):
        check_zip(code)
    with pytest.raises(BadZipError):
        unpack(code, tmp_path / "task")
    assert not list(tmp_path.iterdir())


def test_a_small_zip_of_a_large_file_is_refused_with_lambdas_words(tmp_path: Path) -> None:
    # Given 400 MB of zeroes in a zip of less than half a megabyte
    code = zip_of([("zeroes", bytes(400_000_000))])
    assert len(code) < 500_000

    # When it is unpacked
    # Then its size is the reason, and nothing is written
    with pytest.raises(
        UnzippedTooLargeError, match=f"Unzipped size must be smaller than {UNZIPPED_LIMIT} bytes"
    ):
        unpack(code, tmp_path / "task")
    assert not list(tmp_path.iterdir())


def test_what_a_zip_states_is_not_trusted_while_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a zip that passed the check with sizes that are not its files'
    monkeypatch.setattr(unpacking, "_check_members", lambda _: 0)
    monkeypatch.setattr(unpacking, "UNZIPPED_LIMIT", 1000)

    # When it is unpacked
    # Then that stops at the limit, summed over the files
    with pytest.raises(UnzippedTooLargeError):
        unpack(zip_of([("one", bytes(600)), ("two", bytes(600))]), tmp_path)
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 1000


def test_a_file_that_is_also_a_folder_is_refused(tmp_path: Path) -> None:
    # Given a zip that names one thing as both
    # When it is unpacked
    # Then it is refused
    with pytest.raises(BadZipError, match="both a file and a folder"):
        unpack(zip_of([("a", b"1"), ("a/b", b"2")]), tmp_path)


def test_files_keep_their_permissions(tmp_path: Path) -> None:
    # Given a zip with an executable file, an empty folder and a file without permissions of its own
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        for name, mode in (("bin/run", 0o755), ("plain.py", 0)):
            member = zipfile.ZipInfo(name)
            member.external_attr = mode << 16
            content.writestr(member, name)
        content.writestr("./", "")
        content.writestr("empty/", "")

    # When it is unpacked
    unpack(archive.getvalue(), tmp_path)

    # Then all is as it was packed
    assert stat.S_IMODE((tmp_path / "bin/run").stat().st_mode) == 0o755
    assert (tmp_path / "plain.py").read_text() == "plain.py"
    assert (tmp_path / "empty").is_dir()
    assert check_zip(archive.getvalue()) == len("bin/run") + len("plain.py")
