"""Fetches wheels for the function's runtime on any machine: pip resolves and downloads them."""

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from itertools import takewhile
from pathlib import Path

from scripts.deployment_package.errors import PackageError
from scripts.deployment_package.runtime import Runtime
from scripts.deployment_package.wheels import check_wheel
from scripts.terminal.progress import step

# pip chooses wheels for the --platform it is given, but evaluates markers such as `; python_version < "3.13"` on the
# interpreter it runs on, and has no option for that.
PIP = """
import json, runpy, sys
from pip._vendor.packaging import markers
environment = json.loads(sys.argv.pop(1))
markers.default_environment  # an AttributeError here rather than wheels for the wrong machine
markers.default_environment = lambda: dict(environment)
runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""
MISSING = re.compile(r"No matching distribution found for (.+)")
UNREACHABLE = "connection broken"
REPORTED = re.compile(r"(?:ERROR|WARNING): (.+)")
# Failed attempts, and what the first line of the message says already.
NOT_A_REASON = re.compile(
    r"^Retrying|is ignored: it is neither|No matching distribution|^ResolutionImpossible"
)
CONFLICT, ADVICE = "The conflict is caused by:", "To fix this"
REASON_LINES = 4


def names_packages(requirements: Path) -> bool:
    """Whether there is a requirements file that has more than comments. Raises PackageError if it cannot be read."""
    try:
        lines = requirements.read_bytes().splitlines()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise PackageError(f"Cannot read {requirements}: {error.strerror}.") from error
    return any(line.strip() and not line.strip().startswith(b"#") for line in lines)


def fetch_wheels(
    requirements: Path, runtime: Runtime, folder: Path, environment: Mapping[str, str]
) -> list[Path]:
    """Download what a requirements file names into an empty folder, pip's temporary files too.

    Returns the wheels, sorted by name. Relative paths in the file are relative to its folder. pip's configuration
    counts, and its `PIP_*` variables in `environment`. Raises PackageError.
    """
    if importlib.util.find_spec("pip") is None:
        raise PackageError(
            f"{requirements} names packages, and {sys.executable} has no pip to fetch them.\n"
            "Install it (`python3 -m ensurepip`), or use a Python that has it."
        )
    downloads = folder / "downloads"
    with step(f"Fetch wheels for {runtime}"):
        count = _run_pip(requirements, runtime, downloads, environment)
    wheels = sorted(downloads.glob("*.whl"))
    if len(wheels) < count:  # pip counts a folder of source too, and saves nothing
        raise PackageError(
            f"{requirements} names something that is source, to be built on this machine.\n"
            f"Build its wheel for {runtime} and name that instead."
        )
    for wheel in wheels:
        check_wheel(wheel)
    return wheels


def _run_pip(
    requirements: Path, runtime: Runtime, downloads: Path, environment: Mapping[str, str]
) -> int:
    """Run `pip download`; return how many packages it says it downloaded."""
    command = [sys.executable, "-P", "-c", PIP, json.dumps(runtime.markers())]
    command += ["download", "--no-input", "--disable-pip-version-check", "--only-binary=:all:"]
    command += [f"--platform={platform}" for platform in runtime.platforms()]
    command += ["--implementation=cp", f"--python-version={runtime.full_version}"]
    # Without it pip takes the ABI of the Python it runs on, which may be free-threaded.
    command += [f"--abi=cp{runtime.python_version.replace('.', '')}"]
    command += [f"--dest={downloads}", f"--requirement={requirements}"]
    pip = subprocess.run(
        command,
        cwd=requirements.parent,
        env={**environment, "TMPDIR": str(downloads.parent)},  # removed with it, however pip ends
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if pip.returncode != 0:
        raise PackageError(_explain(pip.stdout + pip.stderr, requirements, runtime))
    lines = [line.split() for line in pip.stdout.splitlines()]
    return sum(len(line) - 2 for line in lines if line[:2] == ["Successfully", "downloaded"])


def _explain(output: str, requirements: Path, runtime: Runtime) -> str:
    """Return a message for what pip printed: what happened, where, the fix, and pip's own reason."""
    missing = MISSING.search(output)
    if UNREACHABLE in output:
        headline = (
            f"pip could not reach a package index to fetch what {requirements} names.\n"
            "Check the network and its proxy, or set PIP_FIND_LINKS to a folder of wheels."
        )
    elif missing:
        headline = (
            f"There is no wheel of {missing[1]} for {runtime} ({requirements}).\n"
            "Ask for a version that has one, or build it and set PIP_FIND_LINKS to its folder."
        )
    else:
        headline = f"pip cannot fetch what {requirements} names."
    return "\n".join([headline, *(f"pip: {line}" for line in _reasons(output))])


def _reasons(output: str) -> list[str]:
    """Return pip's errors and warnings, and its explanation of a conflict; if there is none, its last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    reported = [match[1] for line in lines if (match := REPORTED.match(line))]
    reasons = [line for line in reported if not NOT_A_REASON.search(line)]
    if CONFLICT in lines:
        conflict = lines[lines.index(CONFLICT) + 1 :]
        reasons += takewhile(lambda line: not line.startswith(ADVICE), conflict)
    return list(dict.fromkeys(reasons))[:REASON_LINES] or lines[-1:]
