"""A copy of this checkout, for tests that edit it, or that deploy from it and leave a state."""

import shutil
import sys
from pathlib import Path

from scripts.project.paths import LOCAL, ROOT

PARTS = (
    *("*.tf", ".terraform.lock.hcl", "modules", "Makefile", "requirements"),
    *("function", "page", "local_aws", "scripts", "tests/events"),
)


def copy_checkout(folder: Path) -> Path:
    """Copy what a deployment needs of this checkout; it shares the virtual environment and downloaded providers."""
    for source in (path for part in PARTS for path in ROOT.glob(part)):
        target = folder / source.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, target)
    # Downloaded once, where no mirror has them.
    providers = LOCAL / "providers"
    providers.mkdir(parents=True, exist_ok=True)
    (folder / ".venv").symlink_to(Path(sys.prefix))
    (folder / ".local").mkdir()
    (folder / ".local" / "providers").symlink_to(providers)
    return folder
