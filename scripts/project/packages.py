"""The project's packages: for each zip that the root module names, the folder of that name."""

import argparse
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.project.paths import ROOT, TUTORIAL_EVENT

# The package of the tutorial's function.
TUTORIAL = "function"
_ZIP = re.compile(r'"build/([A-Za-z0-9_-]+)\.zip"')


@dataclass(frozen=True)
class ProjectPackage:
    """One package, by its name: that of its folder and of its zip."""

    name: str

    @property
    def is_tutorial(self) -> bool:
        """Whether it is the tutorial's function, which is always deployed."""
        return self.name == TUTORIAL

    @property
    def variables(self) -> dict[str, Any]:
        """The Terraform variables that deploy it: all but the tutorial's function need the front door."""
        return {} if self.is_tutorial else {"front_door": True}

    @property
    def folder(self) -> Path:
        """The folder that it is made from."""
        return ROOT / self.name

    @property
    def zip(self) -> Path:
        """The zip that Terraform deploys."""
        return ROOT / "build" / f"{self.name}.zip"

    @property
    def event(self) -> Path | None:
        """The file with its test event: tests/events/<name>.json, or the tutorial's own; None if it has none."""
        file = TUTORIAL_EVENT if self.is_tutorial else TUTORIAL_EVENT.with_name(f"{self.name}.json")
        return file if file.is_file() else None

    def built_with(self) -> list[str]:
        """Return the names of the packages that an apply with its variables deploys."""
        return [self.name] if self.is_tutorial else package_names()


TUTORIAL_PACKAGE = ProjectPackage(TUTORIAL)


def package_names(root: Path = ROOT) -> list[str]:
    """Return the names of the packages, such as `function` for build/function.zip, as the *.tf files have them."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(root.glob("*.tf")))
    return sorted({name for text in texts for name in _ZIP.findall(text)})


def add_package_option(parser: argparse._ActionsContainer) -> None:
    """Give a verb the option --package, whose value is one of package_names()."""
    parser.add_argument(
        "--package",
        metavar="NAME",
        default=TUTORIAL,
        choices=package_names(),
        help=f"which package's function: {' or '.join(package_names())} (default: %(default)s)",
    )
