"""Installs the peers, each from its lock file into a virtual environment of its own, when it is first needed."""

import re

from scripts.environments.virtual_environment import install
from scripts.project.paths import LOCAL, REQUIREMENTS

FOLDER = LOCAL / "bench"
# The packages whose versions a reader wants to know, by the lock file that pins them.
SHOWN = {
    "runtime": ("awslambdaric", "boto3"),
    "local": ("moto",),
    "emulator": ("aws-sam-cli",),
    "bench-ministack": ("ministack",),
    "bench-powertools": ("aws-lambda-powertools",),
    "bench-sam": ("aws-sam-cli",),
    "bench-chalice": ("chalice",),
}


def prepare(name: str) -> None:
    """Install a peer's lock file, unless it is installed already. Raises InstallError."""
    install(f"bench-{name}", FOLDER / name)


def versions() -> dict[str, str]:
    """Return the locked versions of what is compared, by package."""
    return {
        package: _locked((REQUIREMENTS / f"{lock}.txt").read_text(), package)
        for lock, packages in SHOWN.items()
        for package in packages
    }


def _locked(lock: str, package: str) -> str:
    match = re.search(rf"^{re.escape(package)}(?:\[[^]]*\])?==(\S+)", lock, re.MULTILINE)
    return match[1] if match else "unknown"
