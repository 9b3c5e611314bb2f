"""Makes virtual environments and keeps them up to date with the lock files."""

import fcntl
import hashlib
import importlib.util
import os
import platform
import shutil
import sys
import sysconfig
import zipfile
from collections.abc import Callable, Collection
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from scripts.environments import installer, toolchain
from scripts.environments.commands import run
from scripts.environments.errors import InstallError
from scripts.environments.function_packages import FOLDER, install_function_packages
from scripts.environments.in_use import processes_of
from scripts.project.paths import AUDIT_VENV, FUNCTION, REQUIREMENTS, ROOT, VENV
from scripts.terminal.progress import step

WITHOUT_PIP = "--without-pip"


def install(what: str, venv: Path | None = None) -> None:
    """Bring a virtual environment up to date with a lock file; nothing is done if it is up to date already.

    `what` names the lock file; `venv` defaults to the project's environment, or the audit's own.
    Raises InstallError with the fix.
    """
    venv = venv or (AUDIT_VENV if what == "audit" else VENV)
    venv.parent.mkdir(parents=True, exist_ok=True)
    # Two installs at once would break each other.
    with (venv.parent / f"{venv.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _install_into(venv, what)


def _install_into(venv: Path, what: str) -> None:
    if (venv / "pyvenv.cfg").exists() and not _is_usable(venv):
        _require_unused(venv)
        shutil.rmtree(venv)
    if not installer.python_of(venv).exists():
        with step("Make a virtual environment"):
            _make_venv(venv)
    _put_checkout_on_path(venv)
    _once(venv, "installer", "Install uv", partial(installer.install_with_pip, venv))
    _once(venv, what, f"Install {what} packages", partial(installer.install, venv))
    if venv == VENV and what == "dev":
        install_function_packages(venv, FUNCTION / "requirements.txt")
    if venv == VENV and platform.system() == "Linux":
        clients = partial(toolchain.install_runtime_clients, venv)
        _once(venv, "runtime", "Install AWS's runtime client", clients, toolchain.pythons())
        title = "Install AWS's Runtime Interface Emulator"
        _once(venv, "emulator", title, toolchain.install_emulator)


def _require_unused(venv: Path) -> None:
    if users := processes_of(venv):
        raise InstallError(
            f"{venv} must be replaced, for this Python, but process {users[0]} is running from it: "
            "stop that first (it may be a `make local`), or use the same Python."
        )


def _once(
    venv: Path,
    name: str,
    title: str,
    install_lock: Callable[[Path], None],
    programs: Collection[str] = (),
) -> None:
    """Install a lock file, unless it was installed last, and that with each of these programs on PATH.

    A shell whose PATH has fewer of them installs nothing again.
    """
    lock = REQUIREMENTS / f"{name}.txt"
    stamp = venv / f".installed-{name}"
    fingerprint = hashlib.sha256(lock.read_bytes()).hexdigest()
    last, *seen = stamp.read_text(encoding="utf-8").split("\n") if stamp.exists() else [""]
    if last != fingerprint:
        seen = []
    elif not set(programs) - set(seen):
        return
    with step(title):
        install_lock(lock)
    lines = [fingerprint, *sorted({*seen, *programs})]
    stamp.write_text("\n".join(lines), encoding="utf-8")


def _is_usable(venv: Path) -> bool:
    """Whether it was made in this place, by this version of Python, which is still installed.

    The commands in its bin/ contain the path where they were installed.
    """
    lines = (venv / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    settings = dict(line.replace(" = ", "=").split("=", 1) for line in lines if "=" in line)
    version = settings.get("version", "").split(".")[:2]
    made_at = settings.get("command", "").partition(" -m venv ")[2].removeprefix(f"{WITHOUT_PIP} ")
    return (
        version == [str(part) for part in sys.version_info[:2]]
        and installer.python_of(venv).exists()
        and Path(made_at).resolve() == venv.resolve()
    )


def _make_venv(venv: Path) -> None:
    with ExitStack() as half_made:
        half_made.callback(shutil.rmtree, venv, ignore_errors=True)
        try:
            wheel = bundled_pip()
            run([sys.executable, "-m", "venv", *([WITHOUT_PIP] if wheel else []), str(venv)])
            if wheel:
                _unpack(wheel, venv)
        except InstallError as error:
            raise InstallError(
                f"cannot make a virtual environment; on Debian: apt install python3-venv.\n{error}"
            ) from error
        half_made.pop_all()


def bundled_pip() -> Path | None:
    """Return the wheel of pip that this Python includes for `ensurepip`; None if there is none."""
    spec = importlib.util.find_spec("ensurepip")
    folders = [sysconfig.get_config_var("WHEEL_PKG_DIR")]
    folders += [str(Path(spec.origin).with_name("_bundled"))] if spec and spec.origin else []
    wheels = (path for folder in folders if folder for path in Path(folder).glob("pip-*.whl"))
    return next(wheels, None)


def _unpack(wheel: Path, venv: Path) -> None:
    """Unpack a pure Python wheel into an environment; pip would take ten times as long to install itself."""
    (site_packages,) = venv.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site_packages)


def _put_checkout_on_path(venv: Path) -> None:
    """Make the repository's packages importable in the environment, from any working folder, and the function's."""
    for site_packages in venv.glob("lib/python*/site-packages"):
        folders = [os.path.relpath(path, site_packages) for path in (ROOT, venv / FOLDER)]
        text = "".join(f"{path}\n" for path in folders)
        (site_packages / "wild_rydes.pth").write_text(text, encoding="utf-8")
