"""Folders to package, and the script that does it, in a process of its own."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts import package
from scripts.deployment_package.packaged import Package, record_path


def write(*paths: Path, data: bytes = b"") -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def untouched(built: Package) -> bool:
    """Whether the zip is as it was built, and nothing but its record is beside it."""
    digest = hashlib.sha256(built.path.read_bytes()).hexdigest()
    beside = sorted(built.path.parent.iterdir())
    return (digest, beside) == (built.sha256, sorted([built.path, record_path(built.path)]))


def run(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the script in a process of its own; as root without the capability to read and write every file."""
    command = [sys.executable, package.__file__, *map(str, arguments)]
    if os.geteuid() == 0 and shutil.which("setpriv"):
        command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)
