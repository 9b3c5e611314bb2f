"""The wheels' files for the zip: in the places where they are installed, compressed as they are in the wheel.

pip's own installer would write this machine's paths into scripts and records.
"""

import struct
from collections.abc import Sequence
from functools import partial
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from scripts.deployment_package.errors import PackageError
from scripts.deployment_package.members import Content, Member, stored

ENCRYPTED = 0x1
# Where a local header has the lengths of the name and of the extra field that precede the file's bytes.
LOCAL_LENGTHS, LOCAL_HEADER_SIZE = struct.Struct("<26xHH"), 30
# Folders that many packages contain at the top by mistake, and that nothing imports.
STRAY_FOLDERS = frozenset({"benchmarks", "doc", "docs", "example", "examples", "test", "tests"})
IMPORTED = (".py", ".so")
# What the packages of a namespace have in the namespace's `__init__.py`, each written differently.
NAMESPACE_DECLARATIONS = (b"declare_namespace", b"extend_path")


def read_wheels(wheels: Sequence[ZipFile]) -> dict[str, Member]:
    """Return the files of open wheels by their installed names.

    Of stray files with one name, such as LICENSE or tests/__init__.py, the first wheel's is taken. Raises PackageError
    if two wheels bring different modules with one name.
    """
    chosen: dict[str, tuple[ZipFile, ZipInfo]] = {}
    for wheel in wheels:
        for info in wheel.infolist():
            name = _installed_name(info.filename)
            if name is None:
                continue
            first_wheel, first = chosen.setdefault(name, (wheel, info))
            if _differ(first_wheel, first, wheel, info) and not is_stray(name):
                raise PackageError(
                    f"Two wheels bring different files named {name}:\n"
                    f"{_name(first_wheel)} and {_name(wheel)}. Keep one of them."
                )
    return {
        name: Member(info.file_size, partial(_read, wheel, info))
        for name, (wheel, info) in chosen.items()
    }


def check_wheel(wheel: Path) -> None:
    """Raise PackageError if a wheel is not a zip, or a file in it is damaged or encrypted."""
    try:
        with ZipFile(wheel) as archive:
            damaged = archive.testzip()
    except (BadZipFile, NotImplementedError, RuntimeError) as error:
        raise PackageError(f"{wheel.name} is not a wheel: {error}.\nFetch it again.") from error
    if damaged:
        raise PackageError(f"{wheel.name} is damaged at {damaged}.\nFetch it again.")


def is_compiled(wheel_name: str) -> bool:
    """Whether a wheel, by its file's name (PEP 427), is for one platform only."""
    return not wheel_name.removesuffix(".whl").endswith("-any")


def is_stray(name: str) -> bool:
    """Whether a file at the top of a package's wheel is not the package's: a licence, a test, an example."""
    top, *below = PurePosixPath(name).parts
    return top.lower() in STRAY_FOLDERS if below else not name.endswith(IMPORTED)


def _installed_name(filename: str) -> str | None:
    """Return where a wheel's file goes (PEP 427), or None if the function has no use for it."""
    path = PurePosixPath(filename)
    if path.is_absolute() or ".." in path.parts:
        raise PackageError(f"A wheel brings a file outside its folder: {filename}. Do not use it.")
    if filename.endswith(("/", ".pyc")) or "__pycache__" in path.parts:
        return None
    if not path.parts[0].endswith(".data"):
        return str(path)
    # The rest of .data is commands, headers and shared files: for a machine, not for a function.
    return "/".join(path.parts[2:]) if path.parts[1] in {"purelib", "platlib"} else None


def _differ(first_wheel: ZipFile, first: ZipInfo, wheel: ZipFile, info: ZipInfo) -> bool:
    if (first.CRC, first.file_size) == (info.CRC, info.file_size):
        return False
    return not (_declares_namespace(first_wheel, first) and _declares_namespace(wheel, info))


def _declares_namespace(wheel: ZipFile, info: ZipInfo) -> bool:
    if not info.filename.endswith("__init__.py"):
        return False
    source = wheel.read(info)
    return any(declaration in source for declaration in NAMESPACE_DECLARATIONS)


def _read(wheel: ZipFile, info: ZipInfo) -> Content:
    """Read a file as its wheel contains it, or uncompressed if it is neither stored nor deflated."""
    if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        return stored(wheel.read(info))
    with Path(wheel.filename or "").open("rb") as file:
        file.seek(info.header_offset)
        name_length, extra_length = LOCAL_LENGTHS.unpack(file.read(LOCAL_HEADER_SIZE))
        file.seek(name_length + extra_length, 1)
        data = file.read(info.compress_size)
    return Content(data, info.compress_type, info.CRC, info.file_size)


def _name(wheel: ZipFile) -> str:
    return Path(wheel.filename or "").name
