"""Finds the interpreter of a Lambda runtime on this machine: on PATH, or where pyenv and uv install Pythons."""

import functools
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ANSWER_LIMIT_S = 10
ABOUT = (
    "import json, sys; print(json.dumps("
    "[sys.implementation.name, '.'.join(map(str, sys.version_info[:3])), sys.base_prefix]))"
)


@dataclass(frozen=True)
class Interpreter:
    """A Python on this machine: its program, its full version such as 3.13.1, and the folder of its libraries."""

    program: Path
    version: str
    libraries: Path

    @property
    def minor_version(self) -> str:
        """The version in the names of runtimes and wheels, such as 3.13."""
        return minor_version_of(self.version)


def own_interpreter() -> Interpreter:
    """Return the interpreter that runs this process."""
    version = ".".join(map(str, sys.version_info[:3]))
    return Interpreter(Path(sys.executable), version, Path(sys.base_prefix) / "lib")


@functools.cache
def find_interpreter(minor_version: str) -> Interpreter | None:
    """Return a CPython of a version such as `3.13`, preferably that of this process; None if there is none."""
    if own_interpreter().minor_version == minor_version:
        return own_interpreter()
    answers = (_ask(program) for program in candidates(minor_version))
    return next((each for each in answers if each and each.minor_version == minor_version), None)


def candidates(minor_version: str) -> Iterator[Path]:
    """Yield programs that may be a Python of the version: on PATH, then of pyenv and uv, newest first."""
    program = f"python{minor_version}"
    home = Path(os.environ.get("HOME", "/"))
    pyenv = Path(os.environ.get("PYENV_ROOT") or home / ".pyenv") / "versions"
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or data / "uv" / "python")
    managed = [*pyenv.glob(f"{minor_version}.*"), *uv.glob(f"cpython-{minor_version}.*")]
    for folder in (*map(Path, os.get_exec_path()), *_newest_first(managed)):
        for path in (folder / program, folder / "bin" / program):
            if os.access(path, os.X_OK):
                yield path


def minor_version_of(version: str) -> str:
    """Return 3.13 for 3.13.1."""
    return ".".join(version.split(".")[:2])


def _newest_first(folders: list[Path]) -> list[Path]:
    return sorted(
        folders, key=lambda path: [int(n) for n in re.findall(r"\d+", path.name)[:3]], reverse=True
    )


def _ask(program: Path) -> Interpreter | None:
    """Return the interpreter of a program; None if it is not a working CPython, but a shim of pyenv, for one."""
    try:
        done = subprocess.run(
            [str(program), "-I", "-S", "-c", ABOUT],
            capture_output=True,
            text=True,
            check=True,
            timeout=ANSWER_LIMIT_S,
        )
        implementation, version, prefix = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    if implementation != "cpython":
        return None
    return Interpreter(program, str(version), Path(prefix) / "lib")
