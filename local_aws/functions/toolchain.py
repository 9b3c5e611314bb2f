"""The parts of AWS that `scripts/install.py` installs, and the Python that a Lambda runtime runs on."""

import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from local_aws.errors import LocalAwsError
from local_aws.functions.interpreters import Interpreter, find_interpreter, own_interpreter


class MissingToolchainError(LocalAwsError):
    """AWS's parts are not installed with this Python; the message says how to install them."""


@dataclass(frozen=True)
class Toolchain:
    """The binary of the emulator, the folder for Lambda's /var/runtime, and the interpreter.

    `instead` is empty, or the reason why the interpreter is not that of the requested runtime.
    """

    emulator: Path
    runtime: Path
    interpreter: Interpreter
    instead: str = ""

    @property
    def python(self) -> Path:
        """The program of the interpreter."""
        return self.interpreter.program

    def for_runtime(self, name: str) -> "Toolchain":
        """Return the toolchain for a runtime such as `python3.13`; this one if that Python is not installed."""
        match = re.fullmatch(r"python(3\.\d+)", name)
        if match is None or match[1] == self.interpreter.minor_version:
            return self
        interpreter, folder = find_interpreter(match[1]), runtime_folder(match[1])
        if interpreter and folder.is_dir():
            return replace(self, runtime=folder, interpreter=interpreter)
        missing = f"Python {match[1]}"
        if interpreter:
            missing = f"AWS's runtime client for {missing}"
        return replace(
            self,
            instead=f"{missing} is not installed here: {name} runs on Python {self.interpreter.version}",
        )


def find_toolchain() -> Toolchain:
    """Return the toolchain in the virtual environment of this process.

    Raises MissingToolchainError if they are missing.
    """
    own = own_interpreter()
    toolchain = Toolchain(_home() / "aws-lambda-rie", runtime_folder(own.minor_version), own)
    if not toolchain.emulator.is_file() or not toolchain.runtime.is_dir():
        raise MissingToolchainError(
            f"AWS's runtime client and emulator are not installed in {_home()}.\n"
            "Run `python3 scripts/install.py`, then use .venv/bin/python (the Makefile does both)."
        )
    return toolchain


def runtime_folder(minor_version: str) -> Path:
    """Return the folder with AWS's runtime client for a Python version, which its compiled module needs."""
    return _home() / f"runtime-{minor_version}"


def _home() -> Path:
    return Path(sys.prefix) / "local-aws"
