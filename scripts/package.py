#!/usr/bin/env python3
"""Packages functions for Lambda: the same files give a zip with the same bytes on every machine."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python gets here; 2 cannot read, and shows, the next line
    sys.exit(
        f"package.py needs Python 3.11 or newer; this is {sys.version.split()[0]} ({sys.executable}).\n"
        "Run it with a newer one."
    )

import argparse
import dataclasses
import json
import re
from pathlib import Path

# Any Python may run this; only the one in .venv has the repository on its path.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.deployment_package.build import build
from scripts.deployment_package.packaged import Package
from scripts.deployment_package.packages import build_all
from scripts.deployment_package.runtime import MACHINES, Runtime
from scripts.deployment_package.target import target_runtime
from scripts.project.paths import FUNCTION, ZIP
from scripts.terminal import command_line


@command_line.verb("package")
def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    for package in _built(options):
        if options.json:
            print(json.dumps(dataclasses.asdict(package), default=str, indent=2))
        else:
            _describe(package)
        for note in package.notes():
            print(note, file=sys.stderr)
    return 0


def _built(options: argparse.Namespace) -> list[Package]:
    """Build one package if its folder or its zip is named, else every package of the project."""
    runtime = _runtime(options)
    if options.source is None and options.output is None:
        return build_all(runtime)
    return [build(options.source or FUNCTION, options.output or ZIP, runtime)]


def _runtime(options: argparse.Namespace) -> Runtime:
    """Return the runtime of the options; what they leave out comes from Terraform's variables."""
    if options.architecture and options.python_version:
        return Runtime(options.architecture, options.python_version)
    variables = target_runtime(options.terraform)
    return Runtime(
        options.architecture or variables.architecture,
        options.python_version or variables.python_version,
    )


def _describe(package: Package) -> None:
    compiled = "compiled code" if package.compiled else "no compiled code"
    print(f"path           {package.path}")
    print(f"size           {package.size:,} bytes in {len(package.files)} files")
    print(f"unzipped       {package.unzipped_size:,} bytes")
    print(f"for            {package.made_for}; it holds {compiled}")
    print(f"SHA-256 hex    {package.sha256}")
    print(f"SHA-256 base64 {package.sha256_base64}")


def _parser() -> argparse.ArgumentParser:
    parser = command_line.parser(
        __doc__,
        """examples:
  python3 scripts/package.py --architecture x86_64 --output /tmp/fn.zip
  python3 scripts/package.py -- -var architecture=x86_64   (as for terraform apply)""",
    )
    parser.add_argument(
        "--source", type=Path, help="the folder to package (default: every package of the project)"
    )
    parser.add_argument(
        "--output", type=Path, help="the zip to write (default: build/function.zip)"
    )
    parser.add_argument(
        "--architecture",
        choices=sorted(MACHINES),
        help="the architecture of the wheels (default: Terraform's variable `architecture`)",
    )
    parser.add_argument(
        "--python-version",
        type=_python_version,
        metavar="3.N",
        help="the Python version of the wheels (default: from Terraform's variable `runtime`)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "terraform",
        nargs="*",
        metavar="TERRAFORM'S ARGUMENTS",
        help="after `--`: those of the apply, for their -var and -var-file",
    )
    return parser


def _python_version(text: str) -> str:
    if not re.fullmatch(r"3\.\d+", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a Python version such as 3.13")
    return text


if __name__ == "__main__":
    command_line.run(main)
