"""Finds a filesystem mirror of the locked providers, for machines that cannot reach a Terraform registry."""

import os
import platform
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.terminal.errors import UserError

OVERRIDE = "PROVIDER_MIRROR"
# Where add-on software usually lives; a mirror is a folder in, or one below, one of them.
ADD_ON_ROOTS = (
    "/opt",
    "/usr/local",
    "/usr/local/share",
    "/usr/local/lib",
    "/usr/share",
    "/usr/lib",
    "/srv",
    "/var/lib",
)
ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


@dataclass(frozen=True)
class LockedProvider:
    """A provider's source address (host/namespace/type) and version, as the lock file has them."""

    address: str
    version: str


class MirrorError(UserError):
    """PROVIDER_MIRROR names a folder without a locked provider, or no provider is locked."""


def find_mirror(lock_file: Path) -> Path | None:
    """Return the folder for `terraform init -plugin-dir`, or None to let Terraform install from its usual sources.

    If the variable PROVIDER_MIRROR is set, it decides (empty: no mirror). Otherwise Terraform's own implied mirror
    folders are searched, then the usual roots. A mirror holds every locked provider. Raises MirrorError if the folder
    that PROVIDER_MIRROR names does not.
    """
    providers = read_lock(lock_file)
    override = os.environ.get(OVERRIDE)
    if override is not None:
        return _checked(Path(override), providers) if override else None
    return next((folder for folder in _candidates() if not _missing(folder, providers)), None)


def read_lock(lock_file: Path) -> list[LockedProvider]:
    """Read the providers of a dependency lock file; raises MirrorError if it has none."""
    text = lock_file.read_text(encoding="utf-8") if lock_file.exists() else ""
    locked = re.findall(r'provider "([^"]+)" \{\s+version\s+= "([^"]+)"', text)
    if not locked:
        raise MirrorError(
            f"{lock_file} locks no provider; restore it with `git checkout {lock_file.name}`."
        )
    return [LockedProvider(address, version) for address, version in locked]


def _candidates() -> Iterator[Path]:
    yield from _implied_folders()
    for root in ADD_ON_ROOTS:
        yield Path(root)
        yield from _folders_in(Path(root))
        yield from (folder / "plugins" for folder in _folders_in(Path(root)))


def _implied_folders() -> Iterator[Path]:
    try:
        home = Path.home()
    except RuntimeError:  # a user without one, as in a container
        return
    yield home / ".terraform.d/plugins"
    yield Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share") / "terraform/plugins"


def _folders_in(root: Path) -> Iterable[Path]:
    try:
        return sorted(entry for entry in root.iterdir() if entry.is_dir())
    except OSError:
        return ()


def _checked(folder: Path, providers: list[LockedProvider]) -> Path:
    missing = _missing(folder, providers)
    if missing:
        address, version = missing[0].address, missing[0].version
        raise MirrorError(
            f"{OVERRIDE}={folder} does not hold {address} {version} for {_platform()}.\n"
            f"It must be the folder that has {address} below it; unset {OVERRIDE} to search for one."
        )
    return folder


def _missing(folder: Path, providers: list[LockedProvider]) -> list[LockedProvider]:
    return [provider for provider in providers if not _holds(folder, provider)]


def _holds(folder: Path, provider: LockedProvider) -> bool:
    """Whether the folder has the provider in either of the two layouts Terraform knows: unpacked, or as a zip."""
    base = folder / provider.address
    name = provider.address.rsplit("/", 1)[-1]
    packed = base / f"terraform-provider-{name}_{provider.version}_{_platform()}.zip"
    return (base / provider.version / _platform()).is_dir() or packed.is_file()


def _platform() -> str:
    machine = platform.machine().lower()
    return f"{platform.system().lower()}_{ARCHITECTURES.get(machine, machine)}"
