"""The other Pythons of this machine."""

import os
import re
import subprocess
import sys
from pathlib import Path


def other_pythons() -> dict[int, str]:
    """Find this machine's other Pythons, by minor version, where they are usually installed."""
    folders = [Path(folder) for folder in os.get_exec_path()]
    folders += Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob("versions/*/bin")
    folders += Path.home().glob(".local/share/uv/python/*/bin")
    pythons: dict[int, str] = {}
    for path in sorted(path for folder in folders for path in folder.glob("python3.*")):
        match = re.fullmatch(r"python3\.(\d+)", path.name)
        if match and int(match[1]) not in {*pythons, sys.version_info.minor} and works(path):
            pythons[int(match[1])] = str(path)
    return pythons


def works(python: Path) -> bool:
    # a version manager leaves a stand-in that fails for a version not chosen
    return subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0
