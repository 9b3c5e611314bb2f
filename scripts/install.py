#!/usr/bin/env python3
"""Installs what the project needs into .venv: the locked packages, and AWS's runtime client and emulator.

The tools of `make audit` go into a virtual environment of their own, since they pin what the project uses too.
Only the standard library is used: nothing is installed yet when it runs.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python gets here; 2 cannot read, and shows, the next line
    sys.exit(
        f"install.py needs Python 3.11 or newer; this is {sys.version.split()[0]} ({sys.executable}).\n"
        "Install a newer one and name it: `make PYTHON=python3.11 ...`."
    )

import argparse
import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import tempfile
import zipfile
from contextlib import ExitStack
from pathlib import Path

import command_line
from progress import step

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
AUDIT_VENV = ROOT / ".local" / "audit"
REQUIREMENTS = ROOT / "requirements"
TOOLCHAIN = VENV / "local-aws"
EMULATOR = "samcli/local/rapid/aws-lambda-rie-{}"
EMULATOR_MACHINES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}


class InstallError(Exception):
    """What could not be installed, and the mend."""


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog="example: python3 scripts/install.py dev",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "what",
        nargs="?",
        choices=("local", "dev", "monitor", "load", "mutants", "audit"),
        default="local",
        help="for `make ride` (local, the default), `make test` (dev), or the verb of that name",
    )
    try:
        install(parser.parse_args(arguments).what)
    except InstallError as error:
        print(f"install: {error}", file=sys.stderr)
        return 1
    return 0


def install(what: str, venv: Path | None = None) -> None:
    """Bring the virtual environment up to date with the lock files; what is there already is left alone.

    `what` names a lock file; `venv` is an environment apart, where the project's own is not the place.
    Raises InstallError with the mend.
    """
    venv = venv or (AUDIT_VENV if what == "audit" else VENV)
    venv.parent.mkdir(parents=True, exist_ok=True)
    with (venv.parent / f"{venv.name}.lock").open(
        "w"
    ) as lock:  # two installs at once would break each other
        fcntl.flock(lock, fcntl.LOCK_EX)
        _install_into(venv, what)


def _install_into(venv: Path, what: str) -> None:
    if (venv / "pyvenv.cfg").exists() and not _is_of_this_python(venv):
        shutil.rmtree(venv)
    if not (venv / "bin" / "python").exists():
        with step("Make a virtual environment"):
            _make_venv(venv)
    _install_locked(venv, what, f"Install {what} packages")
    if venv == VENV and platform.system() == "Linux":
        runtime = str(TOOLCHAIN / "runtime")
        _install_locked(VENV, "runtime", "Install AWS's runtime client", "--target", runtime)
        _install_emulator()


def _is_of_this_python(venv: Path) -> bool:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}."
    settings = (venv / "pyvenv.cfg").read_text()
    return any(
        line.replace(" ", "").startswith(f"version={version}") for line in settings.splitlines()
    )


def _make_venv(venv: Path) -> None:
    with ExitStack() as half_made:
        half_made.callback(shutil.rmtree, venv, ignore_errors=True)
        try:
            _run([sys.executable, "-m", "venv", str(venv)])
        except InstallError as error:
            raise InstallError(
                f"no virtual environment could be made; on Debian: apt install python3-venv.\n{error}"
            ) from error
        half_made.pop_all()


def _install_locked(venv: Path, name: str, title: str, *options: str) -> None:
    lock = REQUIREMENTS / f"{name}.txt"
    if _is_done(venv, name, lock):
        return
    with step(title):
        # The lock names every package, so there is nothing to resolve.
        _pip(venv, "install", *options, "--no-deps", "--require-hashes", "--requirement", str(lock))
    _mark_done(venv, name, lock)


def _install_emulator() -> None:
    """Take the one binary out of AWS SAM CLI's wheel."""
    machine = EMULATOR_MACHINES.get(platform.machine().lower())
    if machine is None:
        raise InstallError(
            f"AWS has no Runtime Interface Emulator for {platform.machine()}: use x86_64 or arm64."
        )
    lock = REQUIREMENTS / "rie.txt"
    if _is_done(VENV, "rie", lock):
        return
    with step("Install AWS's Runtime Interface Emulator"), tempfile.TemporaryDirectory() as folder:
        _pip(
            VENV,
            "download",
            "--no-deps",
            "--only-binary=:all:",
            "--dest",
            folder,
            "--require-hashes",
            "--requirement",
            str(lock),
        )
        (wheel,) = Path(folder).glob("*.whl")
        TOOLCHAIN.mkdir(exist_ok=True)
        binary = TOOLCHAIN / "aws-lambda-rie"
        with zipfile.ZipFile(wheel) as archive:
            binary.write_bytes(archive.read(EMULATOR.format(machine)))
        binary.chmod(0o755)
    _mark_done(VENV, "rie", lock)


def _pip(venv: Path, verb: str, *arguments: str) -> None:
    try:
        _run(
            [
                str(venv / "bin" / "python"),
                "-m",
                "pip",
                verb,
                "--quiet",
                "--disable-pip-version-check",
                *arguments,
            ]
        )
    except InstallError as error:
        raise InstallError(
            f"pip could not {verb} the locked packages; is the package index reachable?\n{error}"
        ) from error


def _run(command: list[str]) -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PIP_TARGET", "PIP_USER", "PYTHONPATH")
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise InstallError("\n".join((done.stderr or done.stdout).strip().splitlines()[-5:]))


def _is_done(venv: Path, name: str, lock: Path) -> bool:
    stamp = venv / f".installed-{name}"
    return stamp.exists() and stamp.read_text() == _fingerprint(lock)


def _mark_done(venv: Path, name: str, lock: Path) -> None:
    (venv / f".installed-{name}").write_text(_fingerprint(lock))


def _fingerprint(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


if __name__ == "__main__":
    command_line.run(main)
