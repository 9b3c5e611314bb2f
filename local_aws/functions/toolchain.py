"""Where `scripts/install.py` put AWS's own parts: the runtime client and the Runtime Interface Emulator."""

import sys
from dataclasses import dataclass
from pathlib import Path

from local_aws.errors import LocalAwsError


class MissingToolchainError(LocalAwsError):
    """AWS's parts are not installed beside this Python; the message says how to mend it."""


@dataclass(frozen=True)
class Toolchain:
    """The emulator's binary, the folder that stands for Lambda's /var/runtime, and the interpreter."""

    emulator: Path
    runtime: Path
    python: Path


def find_toolchain() -> Toolchain:
    """Find the parts inside the virtual environment that runs this process.

    Raises MissingToolchainError if they are not there.
    """
    home = Path(sys.prefix) / "local-aws"
    toolchain = Toolchain(home / "aws-lambda-rie", home / "runtime", Path(sys.executable))
    if not toolchain.emulator.is_file() or not toolchain.runtime.is_dir():
        raise MissingToolchainError(
            f"AWS's runtime client and emulator are not installed in {home}.\n"
            "Run `python3 scripts/install.py`, then use .venv/bin/python (the Makefile does both)."
        )
    return toolchain
