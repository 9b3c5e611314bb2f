"""Keeps what `terraform init` made, so that it runs once per configuration instead of once per working folder."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

DATA = ".terraform"
PROVIDERS = "providers/*/*/*/*/*"


def kept_init(kept: Path, files: Iterable[Path], mirror: Path | None) -> Path:
    """Return the folder below `kept` for an init that read these files and installed from this mirror."""
    digest = hashlib.sha256(str(mirror).encode())
    for path in sorted(files):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return kept / digest.hexdigest()[:16]


def link(init: Path, folder: Path) -> bool:
    """Link a kept init into a working folder; returns false if none is kept or its providers are gone."""
    providers = [provider.exists() for provider in init.glob(PROVIDERS)]
    if not providers or not all(providers):
        return False
    (folder / DATA).symlink_to(init)
    return True


def keep(init: Path, folder: Path) -> None:
    """Keep what Terraform has just made in a working folder, unless another run was quicker."""
    init.parent.mkdir(parents=True, exist_ok=True)
    try:
        (folder / DATA).rename(init)
    except OSError:
        # Kept already, or on another file system: the folder keeps its own.
        return
    (folder / DATA).symlink_to(init)
