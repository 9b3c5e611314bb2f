"""Checks that a folder's own Python compiles before it is deployed, so that no import fails there."""

import os
import subprocess
import sys
import traceback
import warnings
from collections.abc import Iterable
from pathlib import Path
from zipfile import ZipFile

from local_aws.functions.interpreters import find_interpreter
from scripts.deployment_package.packaged import Package
from scripts.project.paths import FUNCTION
from scripts.terminal.errors import UserError

# Compiles the files that are named, and exits with the first error.
COMPILE = """
import sys, traceback
for path in sys.argv[1:]:
    try:
        compile(open(path, "rb").read(), path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        sys.exit("".join(traceback.format_exception_only(error)).rstrip())
"""


class SourceError(UserError):
    """The code does not compile; the message is Python's own, with file, line and caret."""


def require_compiles(package: Package, folder: Path) -> None:
    """Raise SourceError if Python of the folder that a zip was made from does not compile on the zip's runtime.

    If this Python is older than the runtime's, and the runtime's is not installed, a note on stderr replaces the error.
    """
    try:
        compile_all(package.path, package.files, folder)
    except SourceError as error:
        message = f"{folder.name}/ does not compile:\n{error}"
        version = package.made_for.python_version
        if tuple(map(int, version.split("."))) <= sys.version_info[:2]:
            raise SourceError(message) from error
        interpreter = find_interpreter(version)
        if not interpreter:
            print(f"With Python {sys.version.split()[0]}, {message}", file=sys.stderr)
        elif newer := _error_of(interpreter.program, package.files, folder):
            raise SourceError(f"{folder.name}/ does not compile:\n{newer}") from error


def compile_all(archive: Path, names: Iterable[str], folder: Path = FUNCTION) -> None:
    """Compile those of the zip's files that are Python of the folder; raises SourceError if any fails."""
    with ZipFile(archive) as members:
        errors = [
            _compile_error(members.read(name), folder / name)
            for name in sorted(names)
            if name.endswith(".py") and (folder / name).is_file()  # else it is a wheel's
        ]
    if any(errors):
        raise SourceError("\n".join(error for error in errors if error))


def _compile_error(source: bytes, path: Path) -> str:
    name = os.path.relpath(path)
    with warnings.catch_warnings(action="ignore"):
        try:
            compile(source, name, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            # Null bytes, or code nested too deep: Python names no place.
            message = "".join(traceback.format_exception_only(error)).rstrip()
            return message if message.startswith("  File") else f'  File "{name}"\n{message}'
    return ""


def _error_of(python: Path, names: Iterable[str], folder: Path) -> str:
    """Return another Python's error for the folder's files; empty if they compile."""
    paths = [folder / name for name in sorted(names) if name.endswith(".py")]
    done = subprocess.run(
        [
            python,
            "-IBW",
            "ignore",
            "-c",
            COMPILE,
            *map(os.path.relpath, filter(Path.is_file, paths)),
        ],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return done.stderr.strip("\n") if done.returncode else ""
