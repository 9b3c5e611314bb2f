"""Wheels for the function's runtime and architecture, whatever machine fetches them.

pip resolves and downloads; the wheels are then read as the zip files they are. pip's own installer
would write this machine's paths into scripts and records.
"""

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from zipfile import ZipFile, ZipInfo

from scripts.deployment_package.errors import PackageError
from scripts.terminal.progress import step

DEFAULT_ARCHITECTURE = "arm64"
DEFAULT_PYTHON = "3.13"
MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}  # Lambda's word to the wheel tags' word

# pip chooses wheels for the --platform it is told, but reads markers such as
# `; python_version < "3.13"` against the interpreter it runs on, and has no option for that.
PIP = """
import json, runpy, sys
from pip._vendor.packaging import markers
environment = json.loads(sys.argv.pop(1))
markers.default_environment  # an AttributeError here rather than wheels for the wrong machine
markers.default_environment = lambda: dict(environment)
runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""


@dataclass(frozen=True)
class Member:
    """One file of a zip to be: its size in bytes and where to read them."""

    size: int
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Runtime:
    """A Lambda Python runtime: the architecture in Lambda's words, the Python version as `3.13`."""

    architecture: str
    python_version: str

    def __str__(self) -> str:
        """Name the runtime as a sentence does."""
        return f"Python {self.python_version} on {self.architecture}"

    def platforms(self) -> list[str]:
        """Return the wheel platform tags that run here, best first.

        The C library is that of the operating system in "Lambda runtimes" (AWS Lambda Developer
        Guide): Amazon Linux 2023 (glibc 2.34) since Python 3.12, Amazon Linux 2 (2.26) before.
        """
        machine = MACHINES[self.architecture]
        glibc = 34 if int(self.python_version.split(".")[1]) >= 12 else 26
        newest_first = [f"manylinux_2_{minor}_{machine}" for minor in range(glibc, 16, -1)]
        return [*newest_first, f"manylinux2014_{machine}"]

    def markers(self) -> dict[str, str]:
        """Return the value of every environment marker (PEP 508) on this runtime."""
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{self.python_version}.0",
            "os_name": "posix",
            "platform_machine": MACHINES[self.architecture],
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": "Linux",
            "platform_version": "",
            "python_full_version": f"{self.python_version}.0",
            "python_version": self.python_version,
            "sys_platform": "linux",
        }


def download(requirements: Path, runtime: Runtime, folder: Path) -> list[Path]:
    """Download what a requirements file names into an empty folder, pip's own scratch files too.

    Returns the wheels, sorted by name; none, without calling pip, if there is no such file or it
    names nothing. Relative paths in the file are relative to its own folder. pip's configuration
    and `PIP_*` variables count as always. Raises PackageError.
    """
    if not _names_packages(requirements):
        return []
    if importlib.util.find_spec("pip") is None:
        raise PackageError(
            f"{requirements} names packages, and {sys.executable} has no pip to fetch them.\n"
            "Install it (`python3 -m ensurepip`), or run a Python that has it."
        )
    downloads = folder / "downloads"
    downloaded = _run_pip(requirements, runtime, downloads)
    wheels = sorted(downloads.glob("*.whl"))
    if len(wheels) < downloaded:  # pip says so of a folder of source too, and saves nothing
        raise PackageError(
            f"{requirements} names something that is source, to be built on this machine.\n"
            f"Build its wheel for {runtime} and name that instead."
        )
    return wheels


def members(wheels: Sequence[ZipFile]) -> dict[str, Member]:
    """Return the files of open wheels by the name they have once installed.

    Raises PackageError if two wheels bring different files of one name.
    """
    chosen: dict[str, tuple[ZipFile, ZipInfo]] = {}
    for wheel in wheels:
        for info in wheel.infolist():
            name = _installed_name(info.filename)
            if name is None:
                continue
            first_wheel, first = chosen.setdefault(name, (wheel, info))
            if (first.CRC, first.file_size) != (info.CRC, info.file_size):
                raise PackageError(
                    f"Two wheels bring different files named {name}:\n"
                    f"{_name(first_wheel)} and {_name(wheel)}. Keep one of them."
                )
    return {
        name: Member(info.file_size, partial(wheel.read, info))
        for name, (wheel, info) in chosen.items()
    }


def _names_packages(requirements: Path) -> bool:
    try:
        lines = requirements.read_bytes().splitlines()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise PackageError(f"Cannot read {requirements}: {error.strerror}.") from error
    return any(line.strip() and not line.strip().startswith(b"#") for line in lines)


def _run_pip(requirements: Path, runtime: Runtime, downloads: Path) -> int:
    """Run `pip download`; return how many packages it says it downloaded."""
    command = [sys.executable, "-P", "-c", PIP, json.dumps(runtime.markers())]
    command += ["download", "--no-input", "--disable-pip-version-check", "--only-binary=:all:"]
    command += [f"--platform={platform}" for platform in runtime.platforms()]
    command += ["--implementation=cp", f"--python-version={runtime.python_version}"]
    # without this pip takes the ABI of the Python it runs on, which may be free-threaded
    command += [f"--abi=cp{runtime.python_version.replace('.', '')}"]
    command += [f"--dest={downloads}", f"--requirement={requirements}"]
    with step(f"Fetch wheels for {runtime}"):
        pip = subprocess.run(
            command,
            cwd=requirements.parent,
            env=os.environ | {"TMPDIR": str(downloads.parent)},  # gone with it, however pip ends
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if pip.returncode != 0:
            raise PackageError(_explain(pip.stderr, requirements, runtime))
    lines = [line.split() for line in pip.stdout.splitlines()]
    return sum(len(line) - 2 for line in lines if line[:2] == ["Successfully", "downloaded"])


def _explain(errors: str, requirements: Path, runtime: Runtime) -> str:
    """Turn what pip wrote into what happened, where, and the mend."""
    lines = [line.removeprefix("ERROR: ") for line in errors.splitlines() if "ERROR: " in line]
    missing = [line.partition(" found for ")[2] for line in lines if "No matching" in line]
    if "connection broken" in errors:
        return (
            f"pip could not reach a package index to fetch what {requirements} names.\n"
            "Check the network and its proxy, or set PIP_FIND_LINKS to a folder of wheels."
        )
    if missing:
        return (
            f"There is no wheel of {missing[0]} for {runtime} ({requirements}).\n"
            "Ask for a version that has one, or build it and set PIP_FIND_LINKS to its folder."
        )
    last_line = errors.strip().rpartition("\n")[2]
    return f"pip cannot fetch what {requirements} names: {lines[0] if lines else last_line}"


def _installed_name(filename: str) -> str | None:
    """Return where a wheel's file goes (PEP 427), or None if the function has no use for it."""
    path = PurePosixPath(filename)
    if path.is_absolute() or ".." in path.parts:
        raise PackageError(f"A wheel brings a file outside its folder: {filename}. Do not use it.")
    if filename.endswith(("/", ".pyc")) or "__pycache__" in path.parts:
        return None
    if not path.parts[0].endswith(".data"):
        return str(path)
    # what is left under .data is commands, headers and shared files: a machine's, not a function's
    return "/".join(path.parts[2:]) if path.parts[1] in {"purelib", "platlib"} else None


def _name(wheel: ZipFile) -> str:
    return Path(wheel.filename or "").name
