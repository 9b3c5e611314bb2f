"""The function's own files, and which of its folder's files are left out.

What editors, systems and tools leave behind is never wanted. What may have been wanted is reported: tests, which are
recognised by pytest's names where pytest looks for them, and dot files, which often contain secrets.
"""

import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path, PurePath

from scripts.deployment_package.errors import PackageError
from scripts.deployment_package.members import Content, Member, stored

# Left out in every folder, silently.
DEBRIS = (
    *("__pycache__", "*.pyc"),
    *(".git", ".gitignore", ".gitattributes", ".gitkeep"),
    *(".DS_Store", "._*", "Thumbs.db", "desktop.ini"),
    *(".*.sw?", ".#*", "*~", "#*#", ".idea", ".vscode"),
    *(".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".coverage", ".venv"),
)
# Left out in every folder, and reported.
HIDDEN = ".*"
PUBLISHED = ".well-known"
TESTS = ("test_*.py", "conftest.py")
# Left out and reported, but only beside the handler: a package may have a folder with this name.
TESTS_FOLDER = "tests"
REQUIREMENTS = "requirements.txt"  # for the packager


@dataclass(frozen=True)
class Source:
    """The files for the zip by their name in it, and the paths that were left out and are reported."""

    members: dict[str, Member]
    left_out: tuple[str, ...]


def read_source(folder: Path) -> Source:
    """Collect a folder's files. Raises PackageError for files that cannot be read, or not on every system."""
    if not os.path.isdir(folder):  # noqa: PTH112 - Path.is_dir raises below a locked folder
        raise PackageError(
            f"{folder} is not a folder you can read.\nName the function's folder with --source."
        )
    left_out: list[str] = []
    members: dict[str, Member] = {}
    for path in _walk(folder, left_out):
        name = _name_in_zip(path, folder)
        if name in members:
            raise PackageError(f"Two files differ only in how {path} is encoded.\nRename one.")
        members[name] = Member(_lstat(path).st_size, partial(_read, path))
    if not any(name.endswith(".py") for name in members):
        raise PackageError(
            f"{folder} holds no .py file to run.\nName the function's folder with --source."
        )
    return Source(members, tuple(sorted(left_out)))


def is_left_out(path: PurePath) -> bool:
    """Whether a file, by its path in the function's folder, is left out of the zip."""
    return any(_is_debris(part.name) or _is_reported(part) for part in (path, *path.parents))


def _is_debris(name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in DEBRIS)


def _is_reported(path: PurePath) -> bool:
    if fnmatchcase(path.name, HIDDEN):
        return path.name != PUBLISHED
    return path == PurePath(TESTS_FOLDER) or any(
        fnmatchcase(path.name, pattern) for pattern in TESTS
    )


def _walk(source: Path, left_out: list[str]) -> Iterator[Path]:
    """Yield each file for the zip; add to `left_out` what else may have been wanted."""

    def refuse(error: OSError) -> None:
        raise _unreadable(error.filename, error) from error

    def keep(path: Path, mark: str = "") -> bool:
        relative = path.relative_to(source)
        if _is_debris(path.name) or relative == Path(REQUIREMENTS):
            return False
        if _is_reported(relative):
            left_out.append(f"{relative.as_posix()}{mark}")
            return False
        return True

    for folder, folders, files in os.walk(source, onerror=refuse):
        folders[:] = [name for name in folders if keep(Path(folder, name), "/")]
        kept = [path for path in (Path(folder, name) for name in files) if keep(path)]
        for path in (*(Path(folder, name) for name in folders), *kept):
            mode = _lstat(path).st_mode
            if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
                raise PackageError(
                    f"{path} is a link or a special file, which not every system can check out.\n"
                    "Put the file itself in its place."
                )
            if stat.S_ISREG(mode):
                yield path


def _name_in_zip(path: Path, source: Path) -> str:
    """Return a path as UTF-8 whatever the locale, composed (NFC): macOS may give it decomposed."""
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


def _read(path: Path) -> Content:
    try:
        return stored(path.read_bytes())
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path | str, error: OSError) -> PackageError:
    return PackageError(f"Cannot read {path}: {error.strerror}.\nGive yourself read access to it.")
