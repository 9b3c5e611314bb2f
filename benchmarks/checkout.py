"""A copy of this checkout, for what edits files or deploys from them; and Terraform in it, as a person types it."""

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.commands import run
from scripts.project.paths import LOCAL, LOCK_FILE, ROOT
from scripts.session.isolation import local_environment
from scripts.terraform.provider_mirror import find_mirror

PARTS = (
    *("*.tf", LOCK_FILE.name, "Makefile", "modules"),
    *("function", "page", "local_aws", "scripts", "requirements", "tests/events"),
)
STATE = ("terraform.tfstate", "terraform.tfstate.backup")
PROVIDERS = LOCAL / "providers"  # downloaded once, where no mirror has them


@dataclass(frozen=True)
class Checkout:
    """A copy in `folder`, which shares this one's virtual environment and downloaded providers."""

    folder: Path

    def script(self, name: str, *arguments: str) -> list[str]:
        """Return the command that runs one of its scripts."""
        return [
            str(self.folder / ".venv" / "bin" / "python"),
            str(self.folder / "scripts" / name),
            *arguments,
        ]

    def run(self, command: Sequence[str]) -> tuple[str, str]:
        """Run a command in it; returns what was printed on stdout and stderr. Raises MeasurementError."""
        return run(command, self.folder)

    def terraform(self, endpoint: str, *arguments: str) -> None:
        """Run Terraform against the local AWS at `endpoint`. Raises MeasurementError."""
        environment = local_environment(endpoint, os.environ)
        if not find_mirror(LOCK_FILE):
            environment["TF_PLUGIN_CACHE_DIR"] = str(PROVIDERS)
        run(["terraform", *arguments, "-input=false", "-no-color"], self.folder, environment)

    def init(self, endpoint: str) -> None:
        """Initialise Terraform from a provider that is on this machine already."""
        mirror = find_mirror(LOCK_FILE)
        self.terraform(endpoint, "init", *([f"-plugin-dir={mirror}"] if mirror else []))

    def apply(self, endpoint: str) -> None:
        """Apply without asking."""
        self.terraform(endpoint, "apply", "-auto-approve")

    def forget(self) -> None:
        """Remove what Terraform keeps, so that the next `init` and `apply` start from the beginning."""
        for name in STATE:
            (self.folder / name).unlink(missing_ok=True)
        shutil.rmtree(self.folder / ".terraform", ignore_errors=True)
        shutil.copyfile(LOCK_FILE, self.folder / LOCK_FILE.name)


def copy_checkout(folder: Path) -> Checkout:
    """Copy what a deployment is made from into `folder`."""
    for source in (path for part in PARTS for path in ROOT.glob(part)):
        target = folder / source.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, target)
    PROVIDERS.mkdir(parents=True, exist_ok=True)
    (folder / ".local").mkdir()
    (folder / ".local" / "providers").symlink_to(PROVIDERS)
    (folder / ".venv").symlink_to(Path(sys.prefix))
    return Checkout(folder)
