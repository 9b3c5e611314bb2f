#!/usr/bin/env python3
"""Installs what the project needs into .venv: the locked packages, and AWS's runtime client and emulator.

The tools of `make audit` get a virtual environment of their own: they pin packages that the project uses as well.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python gets here; 2 cannot read, and shows, the next line
    sys.exit(
        f"install.py needs Python 3.11 or newer; this is {sys.version.split()[0]} ({sys.executable}).\n"
        "Install a newer one and run `make PYTHON=python3.11 ...`."
    )

from pathlib import Path

# Any Python may run this; only the one in .venv has the repository on its path.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.environments.virtual_environment import install
from scripts.terminal import command_line


@command_line.verb("install")
def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns the exit status."""
    parser = command_line.parser(__doc__, "example: python3 scripts/install.py dev")
    parser.add_argument(
        "what",
        nargs="?",
        choices=("local", "dev", "audit"),
        default="local",
        help="for `make ride` (local, the default), for tests and checks (dev), or for `make audit`",
    )
    install(parser.parse_args(arguments).what)
    return 0


if __name__ == "__main__":
    command_line.run(main)
