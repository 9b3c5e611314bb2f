"""Keeps fetched wheels in the checkout until something changes by which they were chosen."""

import hashlib
import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.deployment_package.fetch import fetch_wheels
from scripts.deployment_package.runtime import Runtime
from scripts.project.paths import LOCAL

FOLDER = LOCAL / "wheels"
# Where pip looks on Linux and macOS ("Configuration", pip's documentation), below the home folder and elsewhere.
IN_HOME = (".config/pip/pip.conf", ".pip/pip.conf", "Library/Application Support/pip/pip.conf")
ON_MACHINE = ("/etc/pip.conf", "/etc/xdg/pip/pip.conf", "/Library/Application Support/pip/pip.conf")
# A word that may name another requirements file, a wheel or a folder of wheels.
WORD = re.compile(r"[^\s=,'\"]+")


def kept_or_fetched(
    requirements: Path, runtime: Runtime, environment: Mapping[str, str]
) -> list[Path]:
    """Return the wheels of a requirements file, by name; fetch them unless they are kept. Raises PackageError."""
    kept = FOLDER / _key(requirements, runtime, environment)
    if not kept.is_dir():
        FOLDER.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=FOLDER, prefix=".fetching-") as folder:
            wheels = fetch_wheels(requirements, runtime, Path(folder), environment)
            complete = Path(folder) / "complete"
            complete.mkdir()
            for wheel in wheels:
                wheel.rename(complete / wheel.name)
            _put(complete, kept)
    return sorted(kept.glob("*.whl"))


def _put(complete: Path, kept: Path) -> None:
    try:
        complete.rename(kept)
    except OSError:
        if not kept.is_dir():  # else another run was quicker
            raise


def _key(requirements: Path, runtime: Runtime, environment: Mapping[str, str]) -> str:
    """Return a hash of everything that decides which wheels are chosen, except what an index offers that day."""
    texts = [str(runtime), *_settings(environment), *_texts(requirements, set())]
    entries = [entry for text in texts for entry in _local_wheels(text, requirements.parent)]
    digest = hashlib.sha256()
    for part in (*texts, *entries):
        digest.update(hashlib.sha256(part.encode("utf-8", "surrogateescape")).digest())
    return digest.hexdigest()[:16]


def _settings(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield pip's own configuration: its variables, then its files."""
    yield from (f"{key}={environment[key]}" for key in sorted(environment) if key[:4] == "PIP_")
    home = Path(environment.get("HOME", "/"))
    named = [Path(environment[key]) for key in ("PIP_CONFIG_FILE",) if environment.get(key)]
    if "XDG_CONFIG_HOME" in environment:
        named.append(Path(environment["XDG_CONFIG_HOME"], "pip", "pip.conf"))
    standard = [*(home / name for name in IN_HOME), *map(Path, ON_MACHINE)]
    for path in (*standard, Path(sys.prefix) / "pip.conf", *named):
        if path.is_file():
            yield _text(path)


def _texts(requirements: Path, seen: set[Path]) -> Iterator[str]:
    """Yield a requirements file, and those it includes."""
    if requirements in seen:
        return
    seen.add(requirements)
    text = _text(requirements)
    yield text
    for word in WORD.findall(text):
        path = requirements.parent / word.removeprefix("-r").removeprefix("-c")
        if path.suffix in {".txt", ".in"} and os.path.isfile(path):  # noqa: PTH113 - as below
            yield from _texts(path, seen)


def _local_wheels(text: str, folder: Path) -> Iterator[str]:
    """Yield name, size and time of every wheel that a text names, by itself or by its folder."""
    for word in WORD.findall(text):
        path = folder / word.removeprefix("file://")
        if "/" in word and os.path.exists(path):  # noqa: PTH110 - Path.exists raises for an address of 256 letters
            for wheel in sorted(path.glob("*.whl")) if path.is_dir() else [path]:
                status = wheel.stat()
                yield f"{wheel} {status.st_size} {status.st_mtime_ns}"


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="surrogateescape")
